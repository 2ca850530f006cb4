/** Of a network that sees pictures: the weights of each neuron of its first layer, as the picture that it looks for. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PIXELS, SIDE } from '../data/digits.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { theme } from '../session/theme.js';
import { drawHeat, reachOf } from './heat.js';
import { whole } from './painter.js';

export function WeightPictures({ session }: { readonly session: Session }): JSX.Element | null {
  const isPicture = useStore(session.dataSet, (dataSet) => dataSet !== undefined && dataSet.plane === undefined);
  const neurons = useStore(session.snapshot, (snapshot) => snapshot?.biases[0].length ?? 0);
  if (!isPicture) return null;
  return (
    <section class="panel" aria-labelledby="weights-title">
      <h2 id="weights-title">What the first layer looks for</h2>
      <p class="note">
        The 784 weights into each neuron, where their pixels lie: blue above 0, orange below. Choose one to see its
        derivative.
      </p>
      <ol class="weight-pictures">
        {Array.from({ length: neurons }, (_, j) => (
          <li key={j}>
            <Picture session={session} j={j} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Picture({ session, j }: { readonly session: Session; readonly j: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const draw = (): void => {
      const weights = session.snapshot.value?.weights[0];
      if (weights?.length === undefined || weights.length < (j + 1) * PIXELS) return;
      const value = (at: number): number => weights[j * PIXELS + at];
      drawHeat(element, SIDE, value, reachOf(PIXELS, value));
    };
    const paint = (): void => session.painter.paint(element, whole(draw));
    paint();
    const ends = [session.snapshot.watch(paint), theme.watch(paint)];
    return () => {
      for (const end of ends) end();
      session.painter.drop(element);
    };
  }, [session, j]);
  return (
    <button type="button" onClick={() => session.focusOn({ layer: 0, j })} aria-label={`Weights into neuron ${j + 1}`}>
      <canvas ref={canvas} width={SIDE} height={SIDE} aria-hidden="true" />
      <span>{j + 1}</span>
    </button>
  );
}
