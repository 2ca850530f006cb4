/** The ways from a hidden neuron's activation to the cost: one through each neuron above, and their sum. */
import type { JSX } from 'preact';
import { C0, type LensProps } from './derivative.jsx';
import { Bar } from './derivative-factors.jsx';
import { shortName } from './diagram-names.js';
import { aligned } from './format.js';

const WHY =
  'A nudge to a moves every z above it, and each of these moves the cost. Small changes add up, so the paths are summed.';

export function Paths({ lens, dataSet, snapshot }: LensProps): JSX.Element {
  const { layer, j } = lens.focus;
  const hidden = snapshot.biases.length - 1;
  const { paths, explanation } = lens;
  if (!paths) {
    return (
      <div class="paths">
        <h3>Every path to the cost</h3>
        <p class="note">
          This weight leads into an output, which is next to the cost: its one path is above. Choose a weight into a
          hidden layer to see how paths add up.
        </p>
      </div>
    );
  }
  const most = Math.max(...paths.map(({ product }) => Math.abs(product)), 1e-30);
  return (
    <div class="paths">
      <h3>Every path from a of {shortName(layer, j, hidden, dataSet)} to the cost</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">through</th>
            <th scope="col">w</th>
            <th scope="col">
              δ = ∂<C0 />
              /∂z
            </th>
            <th scope="col">w · δ</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {paths.map(({ j: through, weight, delta, product }) => (
            <tr key={through}>
              <th scope="row">{shortName(layer + 1, through, hidden, dataSet)}</th>
              <td>{aligned(weight)}</td>
              <td>{aligned(delta)}</td>
              <td>{aligned(product)}</td>
              <td class="bar-cell">
                <Bar share={product / most} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              sum = ∂<C0 />
              /∂a
            </th>
            <td />
            <td />
            <td>
              <b data-paths-sum>{aligned(explanation.activation?.sum ?? NaN)}</b>
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      <p class="note">{WHY}</p>
    </div>
  );
}
