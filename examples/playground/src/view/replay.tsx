/** How far a link's training has come, and a way out of it. */
import type { JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useCalmly } from '../session/watch.js';
import { count } from './format.js';

export function Replay({ session }: { readonly session: Session }): JSX.Element | null {
  const goal = useCalmly(session.snapshot, (snapshot) => snapshot?.goal);
  const steps = useCalmly(session.snapshot, (snapshot) => snapshot?.steps ?? 0);
  if (goal === undefined) return null;
  const title = `Training to step ${count(goal)} of the link`;
  return (
    <div class="replay">
      <span>{title}</span>
      <progress max={goal} value={steps} aria-label={title} />
      <button type="button" onClick={() => session.pause()}>
        Stop here
      </button>
    </div>
  );
}
