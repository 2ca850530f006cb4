/** A nudge of the weight: what the derivative says will happen, and what does. */
import type { ComponentChildren, JSX } from 'preact';
import { CostCurve } from './cost-curve.jsx';
import { C0, type LensProps } from './derivative.jsx';
import { Slider } from './fields.jsx';
import { aligned, number } from './format.js';

export function NudgePanel({ session, lens }: LensProps): JSX.Element | null {
  const { weight } = lens.explanation;
  if (!weight) return null;
  const { nudge, gradient, scope } = lens;
  const dz = weight.input * nudge.by;
  return (
    <div class="nudge">
      <h3>Nudge the weight</h3>
      <Slider
        label="Add to w"
        value={nudge.by}
        bounds={{ min: -nudge.reach, max: nudge.reach }}
        step={nudge.reach / 100}
        shown={(nudge.by < 0 ? '' : '+') + number(nudge.by)}
        onInput={(value) => session.look.set({ ...session.look.value, nudge: value })}
      />
      <table>
        <thead>
          <tr>
            <th scope="col">change of</th>
            <th scope="col">predicted</th>
            <th scope="col">measured</th>
          </tr>
        </thead>
        <tbody>
          <Row name="z" label="z" predicted={dz} pair={nudge.z} />
          <Row name="a" label="a" predicted={weight.slope * dz} pair={nudge.a} />
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
        The curve is the cost as the weight moves, measured; the straight line is what the derivative says. The slider
        goes as far as they stay near each other.
      </p>
    </div>
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
      <td data-value={predicted}>{aligned(predicted)}</td>
      <td data-value={after - before}>{aligned(after - before)}</td>
    </tr>
  );
}
