/** A nudge of the weight: what the derivative says will happen, and what does. */
import type { JSX } from 'preact';
import type { ComponentChildren } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { REACH_OF_NUDGE, type Lens } from '../training/protocol.js';
import type { ChainProps } from './chain.jsx';
import { C0 } from './chain-flow.jsx';
import { Slider } from './fields.jsx';
import { number } from './format.js';

export function NudgePanel({ session, lens }: ChainProps): JSX.Element | null {
  const { weight } = lens.explanation;
  if (!weight) return null;
  const { nudge, gradient, scope } = lens;
  const dz = weight.input * nudge.by;
  return (
    <div class="nudge">
      <h3>Nudge the weight</h3>
      <NudgeSlider session={session} />
      <table>
        <thead>
          <tr>
            <th scope="col">change of</th>
            <th scope="col">predicted</th>
            <th scope="col">measured</th>
          </tr>
        </thead>
        <tbody>
          <Row name="z" label={<>z</>} predicted={dz} pair={nudge.z} />
          <Row name="a" label={<>a</>} predicted={weight.slope * dz} pair={nudge.a} />
          <Row name="cost" label={<C0 />} predicted={weight.derivative * nudge.by} pair={nudge.cost} />
          {gradient && scope !== 'example' && (
            <Row
              name="mean"
              label={<>C, of {gradient.count}</>}
              predicted={gradient.derivative * nudge.by}
              pair={nudge.mean}
            />
          )}
        </tbody>
      </table>
      <CostCurve lens={lens} />
      <p class="note">
        The curve is the cost as the weight moves, measured; the straight line is what the derivative says. They touch
        at the weight, and part further off.
      </p>
    </div>
  );
}

function NudgeSlider({ session }: { readonly session: Session }): JSX.Element {
  const { nudge } = useStore(session.look);
  return (
    <Slider
      label="Add to w"
      value={nudge}
      bounds={{ min: -REACH_OF_NUDGE, max: REACH_OF_NUDGE }}
      step={0.01}
      shown={(nudge < 0 ? '' : '+') + number(nudge)}
      onInput={(value) => session.look.set({ ...session.look.value, nudge: value })}
    />
  );
}

function Row({
  name,
  label,
  predicted,
  pair: [before, after],
}: {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly predicted: number;
  readonly pair: readonly [number, number];
}): JSX.Element {
  return (
    <tr data-nudge={name}>
      <th scope="row">{label}</th>
      <td data-value={predicted}>{number(predicted)}</td>
      <td data-value={after - before}>{number(after - before)}</td>
    </tr>
  );
}

const WIDTH = 320;
const HEIGHT = 170;
const MARGIN = 14;

/** The cost over the nudge, with its tangent. */
function CostCurve({ lens: { nudge, gradient, scope } }: { readonly lens: Lens }): JSX.Element {
  const { curve, by } = nudge;
  const [before, after] = scope === 'example' ? nudge.cost : nudge.mean;
  if (!gradient || ![before, after, gradient.derivative].every(Number.isFinite))
    return <p class="notice">The cost overflows here: it is {number(before)}.</p>;
  const finite = [...curve, after].filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const spread = high - low || 1;
  const across = (delta: number): number => WIDTH / 2 + (delta / REACH_OF_NUDGE) * (WIDTH / 2 - MARGIN);
  const up = (cost: number): number => HEIGHT - MARGIN - ((cost - low) / spread) * (HEIGHT - 2 * MARGIN);
  const line = Array.from(curve, (cost, at) => [
    across(REACH_OF_NUDGE * ((2 * at) / (curve.length - 1) - 1)),
    up(cost),
  ]);
  const tangent = (delta: number): number => up(before + gradient.derivative * delta);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      class="cost-curve"
      role="img"
      aria-label="The cost as the weight is nudged, and its tangent"
    >
      <line class="zero" x1={across(0)} x2={across(0)} y1={MARGIN} y2={HEIGHT - MARGIN} />
      <path class="tangent" d={`M${across(-1)} ${tangent(-1)}L${across(1)} ${tangent(1)}`} />
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
