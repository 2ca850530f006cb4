/** The ways from a hidden neuron's activation to the cost: one through each neuron above, and their sum. */
import type { JSX } from 'preact';
import type { ChainProps } from './chain.jsx';
import { C0 } from './chain-flow.jsx';
import { neuronName } from './diagram-names.js';
import { number } from './format.js';

export function Paths({ lens, dataSet, snapshot }: ChainProps): JSX.Element {
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
      <h3>Every path from a of {neuronName(layer, j, hidden, dataSet)} to the cost</h3>
      <div class="scroll" role="region" aria-label="Paths" tabIndex={0}>
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
                <th scope="row">{neuronName(layer + 1, through, hidden, dataSet)}</th>
                <td>{number(weight)}</td>
                <td>{number(delta)}</td>
                <td>{number(product)}</td>
                <td class="bar">
                  <i
                    class={product < 0 ? 'negative' : 'positive'}
                    style={{ '--length': (product / most).toFixed(4) }}
                  />
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
                <b data-paths-sum>{number(explanation.activation?.sum ?? NaN)}</b>
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}
