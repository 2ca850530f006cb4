/** Forwards and backwards through the network for the one example, a layer at a time. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LayerExplanation } from 'chainrule';
import { C0, type LensProps } from './derivative.jsx';
import { aligned } from './format.js';

export function Passes(props: LensProps): JSX.Element {
  const { layers, loss } = props.lens.explanation;
  const depth = layers.length;
  // stage 0 is the input, then each layer forwards, the cost, each layer backwards
  const last = 2 * depth + 1;
  const [wanted, setStage] = useState(Infinity);
  const stage = Math.min(wanted, last);
  return (
    <div class="passes">
      <div class="passes-head">
        <h3>Forwards and backwards, a layer at a time</h3>
        <div class="row" role="group" aria-label="Layer by layer">
          <button type="button" onClick={() => setStage(0)} disabled={stage === 0}>
            To the input
          </button>
          <button type="button" onClick={() => setStage(stage - 1)} disabled={stage === 0}>
            Back
          </button>
          <button type="button" onClick={() => setStage(stage + 1)} disabled={stage === last}>
            Forward
          </button>
          <button type="button" onClick={() => setStage(Infinity)} disabled={stage === last}>
            To the end
          </button>
        </div>
      </div>
      <p class="pass-said" aria-live="polite" data-stage={stage}>
        {describe(stage, props)}
      </p>
      <div class="layer-cards">
        {layers.map((layer, index) => (
          <LayerCard
            key={index}
            name={index === depth - 1 ? 'Output' : `Layer ${index + 1}`}
            layer={layer}
            forward={stage > index}
            backward={stage > 2 * depth - index}
            isActive={stage === index + 1 || stage === 2 * depth + 1 - index}
          />
        ))}
        <div class={`layer-card cost ${stage === depth + 1 ? 'active' : ''}`}>
          <h4>Cost</h4>
          <p>
            <C0 /> = {stage > depth ? <b>{aligned(loss)}</b> : '·'}
          </p>
        </div>
      </div>
    </div>
  );
}

function describe(stage: number, { lens, session, dataSet }: LensProps): ComponentChildren {
  const { layers } = lens.explanation;
  const depth = layers.length;
  const { setting } = session;
  const nameOf = (layer: number): string => (layer === depth - 1 ? 'the output' : `layer ${layer + 1}`);
  if (stage === 0)
    return `The input: ${dataSet.inputs.length === 1 ? 'one number' : `${dataSet.inputs.length} numbers`}, a of the layer below layer 1.`;
  if (stage <= depth) {
    const activation = setting.value.layers[stage - 1]?.activation ?? setting.value.output;
    return `Forwards through ${nameOf(stage - 1)}: z = W a + b of what comes in, then a = ${activation}(z).`;
  }
  if (stage === depth + 1) return `The cost: ${setting.value.loss} compares a of the output with y.`;
  const layer = 2 * depth + 1 - stage;
  const origin = layer === depth - 1 ? 'the slope of the loss' : `Σ w · δ over ${nameOf(layer + 1)}`;
  return (
    <>
      Backwards through {nameOf(layer)}: ∂<C0 />
      /∂a is {origin}; times the slope σ′(z) it is δ = ∂<C0 />
      /∂z; and ∂<C0 />
      /∂w = a · δ for each weight into it.
    </>
  );
}

function LayerCard({
  name,
  layer: { z, a, dA, slope, delta },
  forward,
  backward,
  isActive,
}: {
  readonly name: string;
  readonly layer: LayerExplanation;
  readonly forward: boolean;
  readonly backward: boolean;
  readonly isActive: boolean;
}): JSX.Element {
  const show = (known: boolean, value: number): string => (known ? aligned(value) : '·');
  return (
    <div class={`layer-card ${isActive ? 'active' : ''}`}>
      <h4>{name}</h4>
      <table>
        <thead>
          <tr>
            <th scope="col">j</th>
            <th scope="col">z</th>
            <th scope="col">a</th>
            <th scope="col">
              ∂<C0 />
              /∂a
            </th>
            <th scope="col">σ′</th>
            <th scope="col">δ</th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: z.length }, (_, j) => (
            <tr key={j}>
              <th scope="row">{j + 1}</th>
              <td>{show(forward, z[j])}</td>
              <td>{show(forward, a[j])}</td>
              <td>{show(backward, dA[j])}</td>
              <td>{show(backward, slope[j])}</td>
              <td>{show(backward, delta[j])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
