/** The mean |δ| of each layer over the steps, on a logarithmic scale; the first layer's line is the darkest. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Snapshot } from '../training/protocol.js';
import { about } from './format.js';
import { useWidth } from './use-width.js';

const HEIGHT = 160;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 64, 8, 22];
/** What is smaller stands at the bottom: 0 has no logarithm. */
const SMALLEST = 1e-9;
/** Names at the ends of lines keep so far apart. */
const APART = 13;

export function DeltaCurves({ snapshot: { course, steps, deltas } }: { readonly snapshot: Snapshot }): JSX.Element {
  const box = useRef<HTMLElement>(null);
  const width = useWidth(box);
  const isNew = course.steps.at(-1) !== steps;
  const at = isNew ? [...course.steps, steps] : course.steps;
  const points = isNew ? [...course.deltas, deltas] : course.deltas;
  const powers = points.flat().filter(Number.isFinite).map(powerOf);
  const low = Math.floor(Math.min(-2, ...powers));
  const high = Math.ceil(Math.max(0, ...powers));
  const last = Math.max(1, at[at.length - 1]);
  const across = (step: number): number => LEFT + (step / last) * (width - LEFT - RIGHT);
  const up = (power: number): number => HEIGHT - BOTTOM - ((power - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const stride = Math.ceil((high - low) / 5);
  const lines = Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, index) => low + index * stride);
  const names = apart(deltas.map((delta) => up(powerOf(delta))));
  return (
    <figure class="delta-curves" ref={box}>
      <figcaption class="note">mean |δ| of each layer over the steps, on a logarithmic scale</figcaption>
      <svg width={width} height={HEIGHT} role="img" aria-label="Mean size of delta by layer over the steps">
        {lines.map((power) => (
          <>
            <line x1={LEFT} x2={width - RIGHT} y1={up(power)} y2={up(power)} />
            <text class="end" x={LEFT - 6} y={up(power) + 4}>
              {power === 0 ? '1' : `1e${power}`.replace('-', '−')}
            </text>
          </>
        ))}
        {[0, last].map((step) => (
          <text key={step} class={step === 0 ? '' : 'end'} x={across(step)} y={HEIGHT - 6}>
            {about(step)}
          </text>
        ))}
        {deltas.map((_, layer) => (
          <polyline
            key={layer}
            style={{ opacity: shade(layer, deltas.length) }}
            points={points
              .map((values, index) => [across(at[index]), up(powerOf(values[layer]))] as const)
              .filter(([, y]) => Number.isFinite(y))
              .map((point) => point.map((value) => value.toFixed(1)).join())
              .join(' ')}
          />
        ))}
        {names.map((y, layer) => (
          <text key={layer} x={width - RIGHT + 6} y={y + 4} class="name">
            {layer === deltas.length - 1 ? 'output' : `layer ${layer + 1}`}
          </text>
        ))}
      </svg>
    </figure>
  );
}

function powerOf(delta: number): number {
  return Math.log10(Math.max(SMALLEST, delta));
}

function shade(layer: number, count: number): number {
  return 1 - (0.65 * layer) / Math.max(1, count - 1);
}

/** The same heights, moved so far that names don't lie on each other. */
function apart(heights: readonly number[]): number[] {
  const order = heights
    .map((height, at) => ({ height: Number.isFinite(height) ? height : TOP, at }))
    .sort((a, b) => a.height - b.height);
  const placed: number[] = [];
  let least = TOP;
  for (const { height, at } of order) {
    placed[at] = Math.max(height, least);
    least = placed[at] + APART;
  }
  // what was pushed below the picture is pushed back
  const over = Math.max(0, least - APART - (HEIGHT - BOTTOM));
  return placed.map((height) => height - (over * (height - TOP)) / Math.max(1, HEIGHT - BOTTOM - TOP));
}
