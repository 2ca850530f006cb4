/** C0 ← a ← z ← w: the three factors and their product. */
import type { ComponentChildren, JSX } from 'preact';
import type { ChainProps } from './chain.jsx';
import { number } from './format.js';

export function Flow({ lens, session }: ChainProps): JSX.Element | null {
  const { weight, layers, loss } = lens.explanation;
  if (!weight) return null;
  const { layer, j, value, input, slope, dA, delta, derivative } = weight;
  const isSoftmax = layers[layer].jacobian !== undefined;
  const activation = activationOf(session, layer);
  return (
    <div class="flow-box">
      <h3>
        From the weight to the cost, <C0 /> ← a ← z ← w
      </h3>
      <div class="flow" role="group" aria-label="The chain from the weight to the cost">
        <Node symbol={<>w</>} name="the weight" value={value} kind="w" />
        <Factor symbol={<>∂z/∂w</>} name="what comes in, a of k" value={input} />
        <Node symbol={<>z</>} name="the weighted sum" value={layers[layer].z[j]} kind="z" />
        <Factor symbol={<>∂a/∂z</>} name={`the slope of ${activation}`} value={slope} />
        <Node symbol={<>a</>} name="the activation" value={layers[layer].a[j]} kind="a" />
        <Factor
          symbol={
            <>
              ∂<C0 />
              /∂a
            </>
          }
          name="what a means for the cost"
          value={dA}
        />
        <Node symbol={<C0 />} name="the cost" value={loss} kind="c" />
      </div>
      <p class="product" data-product>
        ∂<C0 />
        /∂w = {number(input)} ×{' '}
        {isSoftmax ? (
          <>δ {number(delta)}</>
        ) : (
          <>
            {signed(slope)} × {signed(dA)}
          </>
        )}{' '}
        = <b>{number(derivative)}</b>
      </p>
      {isSoftmax && (
        <p class="note">
          After a softmax every output moves with z, not a alone: δ = ∂<C0 />
          /∂z is the sum of ∂<C0 />
          /∂a times ∂a/∂z over all outputs.
        </p>
      )}
    </div>
  );
}

/** The cost of one example. */
export function C0(): JSX.Element {
  return (
    <>
      C<sub>0</sub>
    </>
  );
}

function activationOf({ setting }: ChainProps['session'], layer: number): string {
  return setting.value.layers[layer]?.activation ?? setting.value.output;
}

function signed(value: number): string {
  return value < 0 ? `(${number(value)})` : number(value);
}

function Node({
  symbol,
  name,
  value,
  kind,
}: {
  readonly symbol: ComponentChildren;
  readonly name: string;
  readonly value: number;
  readonly kind: string;
}): JSX.Element {
  return (
    <div class="node" data-node={kind}>
      <b>{symbol}</b>
      <strong>{number(value)}</strong>
      <small>{name}</small>
    </div>
  );
}

function Factor({
  symbol,
  name,
  value,
}: {
  readonly symbol: ComponentChildren;
  readonly name: string;
  readonly value: number;
}): JSX.Element {
  return (
    <div class={`factor ${value < 0 ? 'negative' : 'positive'}`}>
      <span>
        {symbol} = <b>{number(value)}</b>
      </span>
      <i aria-hidden="true" />
      <small>{name}</small>
    </div>
  );
}
