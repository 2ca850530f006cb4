/** Where gradients die: |δ| by layer over the training, what stands in its way, and the cure to click. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly, useOnScreen } from '../session/watch.js';
import { ailmentsOf } from '../session/ailments.js';
import { PRESETS } from '../setting/presets.js';
import { DeltaCurves } from './delta-curves.jsx';

export function GradientHealth({ session }: { readonly session: Session }): JSX.Element {
  const section = useRef<HTMLElement>(null);
  const isOnScreen = useOnScreen(section);
  const isFollowed = !useStore(session.playing) || isOnScreen;
  const snapshot = useCalmly(session.snapshot, (value) => value, isFollowed);
  const setting = useStore(session.setting);
  const isCurrent = snapshot?.biases.length === setting.layers.length + 1;
  const ailments = snapshot && isCurrent ? ailmentsOf(snapshot, setting) : [];
  return (
    <section class="panel health" ref={section} aria-labelledby="health-title">
      <div class="panel-head">
        <h2 id="health-title">Where gradients die</h2>
        <nav class="presets" aria-label="See it happen">
          <span class="note">See it happen:</span>
          {PRESETS.map(({ title, state }) => (
            <a key={title} href={`#${state}`}>
              {title}
            </a>
          ))}
        </nav>
      </div>
      {snapshot && isCurrent && <DeltaCurves snapshot={snapshot} />}
      <div role="status" class="ailments">
        {ailments.length === 0 && <p class="note">The gradient reaches every layer, and every neuron passes it on.</p>}
        {ailments.map(({ name, says, cures }) => (
          <div key={name} class="notice blowup" data-ailment={name}>
            <p>{says}</p>
            <div class="row">
              {cures.map(({ title, part }) => (
                <button key={title} type="button" onClick={() => session.change(part)}>
                  {title}
                </button>
              ))}
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}
