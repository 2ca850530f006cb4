/** What the page is, and what to do first. */
import type { JSX } from 'preact';

export function FirstSight(): JSX.Element {
  return (
    <p class="first-sight">
      A neural network learns here, step by step, by the chain rule. <b>Click any connection to see its derivative</b>{' '}
      and the factors that make it.
    </p>
  );
}
