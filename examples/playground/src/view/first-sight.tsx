/** What the page is, and what to do first. */
import type { JSX } from 'preact';
import { sceneHash } from '../lesson/scenes.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';

export function FirstSight({ session }: { readonly session: Session }): JSX.Element | null {
  const isLesson = useStore(session.lesson, ({ scene }) => scene !== undefined);
  if (isLesson) return null;
  return (
    <p class="first-sight">
      <span>
        A neural network learns here, by the chain rule.{' '}
        <b>
          <span class="for-mouse">Click</span>
          <span class="for-touch">Tap</span> any connection to see its derivative
        </b>
        , factor by factor.
      </span>
      <a href={sceneHash(1)}>New to it? Take the lesson</a>
    </p>
  );
}
