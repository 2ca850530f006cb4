/** The derivative held against finite differences, over ε: too large and the cost bends, too small and float32 ends. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { EPSILONS } from '../training/protocol.js';
import { C0, Partial, type LensProps } from './derivative.jsx';
import { Slider } from './fields.jsx';
import { aligned, number } from './format.js';

/** ε = 0.01 */
const FIRST = 20;
const [WIDTH, HEIGHT] = [340, 170];
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 12, 22, 36];
/** The errors that the picture reaches to, as powers of ten. */
const [LEAST, MOST] = [-7, 1];

export function Differences({ lens }: LensProps): JSX.Element {
  const [at, setAt] = useState(FIRST);
  const { differences, gradient, explanation, scope } = lens;
  const exact = scope === 'example' ? (explanation.weight?.derivative ?? NaN) : (gradient?.derivative ?? NaN);
  const epsilon = EPSILONS[at];
  const found = differences?.[at] ?? NaN;
  const errors = differences && Array.from(differences, (difference) => Math.abs(difference - exact) / Math.abs(exact));
  return (
    <div class="differences">
      <h3>Check it by finite differences</h3>
      <Slider
        label="ε"
        value={at}
        bounds={{ min: 0, max: EPSILONS.length - 1 }}
        step={1}
        shown={epsilon.toExponential(1).replace('-', '−')}
        onInput={setAt}
      />
      <table>
        <tbody>
          <tr>
            <th scope="row">(C(w + ε) − C(w − ε)) / 2ε</th>
            <td data-difference={found}>{differences ? aligned(found) : '–'}</td>
          </tr>
          <tr>
            <th scope="row">
              the chain rule’s <Partial of={scope === 'example' ? <C0 /> : 'C'} by="w" />
            </th>
            <td>{aligned(exact)}</td>
          </tr>
          <tr>
            <th scope="row">they differ by</th>
            <td data-error={errors?.[at]}>{errors && Number.isFinite(errors[at]) ? share(errors[at]) : '–'}</td>
          </tr>
        </tbody>
      </table>
      {errors ? (
        <ErrorCurve errors={errors} at={at} />
      ) : (
        <p class="note">The differences are taken when training rests.</p>
      )}
      <p class="note" data-verdict>
        {errors ? verdict(errors, at) : ''}
      </p>
    </div>
  );
}

function share(error: number): string {
  return `${number(error * 100)}\u00a0%`;
}

/** Which of the two errors there is at this ε. */
function verdict(errors: readonly number[], at: number): string {
  const finite = errors.map((error) => (Number.isFinite(error) ? error : Infinity));
  const best = finite.indexOf(Math.min(...finite));
  if (finite[best] === Infinity) return 'The derivative is 0: there is nothing to compare by.';
  if (at < best - 3)
    return 'Here float32 gives out: both costs agree in most of their seven digits, and little is left of the difference.';
  if (at > best + 3) return 'Here the cost bends between w − ε and w + ε: the secant is not the tangent.';
  return 'Here both agree best: ε is small enough for the bend, and large enough for float32.';
}

function ErrorCurve({ errors, at }: { readonly errors: readonly number[]; readonly at: number }): JSX.Element {
  const across = (index: number): number => LEFT + (index / (errors.length - 1)) * (WIDTH - LEFT - RIGHT);
  const up = (error: number): number => {
    const power = Math.max(LEAST, Math.min(MOST, Math.log10(error)));
    return HEIGHT - BOTTOM - ((power - LEAST) / (MOST - LEAST)) * (HEIGHT - TOP - BOTTOM);
  };
  const points = errors.map((error, index) => [across(index), up(Math.max(error, 1e-9))] as const);
  const finite = points.filter(([, y]) => Number.isFinite(y));
  const here = points[at];
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      class="cost-curve"
      role="img"
      aria-label="The relative error of the finite difference over ε, both logarithmic"
    >
      <path class="axis-line" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`} />
      {[-7, -5, -3, -1].map((power) => (
        <text key={power} x={across((power + 7) * 4)} y={HEIGHT - BOTTOM + 14} class="middle">
          10{superscript(power)}
        </text>
      ))}
      {[-6, -4, -2, 0].map((power) => (
        <text key={power} x={LEFT - 6} y={up(10 ** power) + 4} class="end">
          {power === 0 ? '100 %' : power === -2 ? '1 %' : `10${superscript(power + 2)} %`}
        </text>
      ))}
      <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 6} class="middle name">
        ε
      </text>
      <text x={LEFT - 6} y={12} class="end name">
        error
      </text>
      <polyline class="cost" points={finite.map((point) => point.join()).join(' ')} />
      {Number.isFinite(here[1]) && <circle class="measured" cx={here[0]} cy={here[1]} r="4.5" />}
    </svg>
  );
}

function superscript(power: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return (power < 0 ? '⁻' : '') + digits[Math.abs(power)];
}
