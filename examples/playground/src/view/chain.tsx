/** Closer to the derivative: its paths, a nudge, the finite differences, both passes, and the whole gradient. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useOnScreen } from '../session/watch.js';
import { Differences } from './chain-differences.jsx';
import { GradientPicture } from './chain-gradient.jsx';
import { NudgePanel } from './chain-nudge.jsx';
import { Paths } from './chain-paths.jsx';
import { Passes } from './chain-passes.jsx';
import { useLens } from './derivative.jsx';

export function Chain({ session }: { readonly session: Session }): JSX.Element {
  const section = useRef<HTMLElement>(null);
  const isOnScreen = useOnScreen(section);
  // while training, numbers that nobody sees need not be rendered
  const props = useLens(session, !useStore(session.playing) || isOnScreen);
  return (
    <section class="panel chain" ref={section} aria-labelledby="chain-title">
      <h2 id="chain-title">The same derivative, closer</h2>
      {props && (
        <>
          <div class="chain-grid">
            <Paths {...props} />
            <NudgePanel {...props} />
            <Differences {...props} />
          </div>
          <Passes {...props} />
          {props.lens.gradient && <GradientPicture gradient={props.lens.gradient} focus={props.lens.focus} />}
        </>
      )}
    </section>
  );
}
