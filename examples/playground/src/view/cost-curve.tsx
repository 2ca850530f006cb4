/** The cost over the nudge, measured, with the straight line that the derivative says. */
import type { JSX } from 'preact';
import type { Lens } from '../training/protocol.js';
import { number } from './format.js';

const [WIDTH, HEIGHT] = [340, 200];
/** Room for the names of the axes. */
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 12, 22, 36];

export function CostCurve({ lens: { nudge, gradient, scope } }: { readonly lens: Lens }): JSX.Element {
  const { curve, by, reach } = nudge;
  const [before, after] = scope === 'example' ? nudge.cost : nudge.mean;
  if (!gradient || ![before, after, gradient.derivative].every(Number.isFinite))
    return <p class="notice">The cost overflows here: it is {number(before)}.</p>;
  const said = [-reach, reach].map((delta) => before + gradient.derivative * delta);
  const finite = [...curve, ...said, after].filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const spread = high - low || 1;
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  const across = (delta: number): number => middle + (delta / reach) * (middle - LEFT);
  const up = (cost: number): number => HEIGHT - BOTTOM - ((cost - low) / spread) * (HEIGHT - TOP - BOTTOM);
  const tangent = (delta: number): number => up(before + gradient.derivative * delta);
  const line = Array.from(curve, (cost, at) => [across(reach * ((2 * at) / (curve.length - 1) - 1)), up(cost)]);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      class="cost-curve"
      role="img"
      aria-label="The cost as the weight is nudged, and its tangent"
    >
      <Axes {...{ low, high, reach, across, up }} />
      <path class="tangent" d={`M${across(-reach)} ${tangent(-reach)}L${across(reach)} ${tangent(reach)}`} />
      <polyline
        class="cost"
        points={line
          .filter(([, y]) => Number.isFinite(y))
          .map((point) => point.join())
          .join(' ')}
      />
      <line class="gap" x1={across(by)} x2={across(by)} y1={tangent(by)} y2={up(after)} />
      <circle class="predicted" cx={across(by)} cy={tangent(by)} r="4.5" />
      <circle class="measured" cx={across(by)} cy={up(after)} r="4.5" />
      <circle class="here" cx={across(0)} cy={up(before)} r="3.5" />
    </svg>
  );
}

function Axes({
  low,
  high,
  reach,
  across,
  up,
}: {
  readonly low: number;
  readonly high: number;
  readonly reach: number;
  readonly across: (delta: number) => number;
  readonly up: (cost: number) => number;
}): JSX.Element {
  const bottom = HEIGHT - BOTTOM;
  return (
    <>
      <path class="axis-line" d={`M${LEFT} ${TOP}V${bottom}H${WIDTH - RIGHT}`} />
      <line class="zero" x1={across(0)} x2={across(0)} y1={TOP} y2={bottom} />
      {[-reach, 0, reach].map((delta) => (
        <text key={delta} x={across(delta)} y={bottom + 14} class={delta === reach ? 'end' : 'middle'}>
          {(delta > 0 ? '+' : '') + number(delta)}
        </text>
      ))}
      <text x={across(0)} y={HEIGHT - 6} class="middle name">
        added to w
      </text>
      {[low, high].map((cost) => (
        <text key={cost} x={LEFT - 6} y={up(cost) + 4} class="end">
          {cost.toPrecision(4)}
        </text>
      ))}
      <text x={LEFT - 6} y={12} class="end name">
        cost
      </text>
    </>
  );
}
