import type { ActivationExplanation, ExplainOptions, Explanation, Path, WeightExplanation } from './explanation.js';
import type { Examples } from '../data/numbers.js';
import { checkInteger, checkOptions } from '../support/check.js';
import { type Factors, factorsOf } from './factors.js';
import type { Model } from './model.js';
import { readTensors } from './parameters.js';

/** The options, checked. */
type Targets = { readonly [Name in keyof ExplainOptions]-?: ExplainOptions[Name] | undefined };

/** Takes the chain rule apart for the one example. */
export function explainExample(model: Model, examples: Examples, { weight, activation }: Targets): Explanation {
  const factors = factorsOf(model, examples);
  const { layers, loss } = factors;
  return {
    loss,
    layers,
    ...(weight && { weight: explainWeight(model, weight, factors) }),
    ...(activation && { activation: explainActivation(model, activation, factors) }),
  };
}

/** The options of `explain`, checked, and that it is asked about one example. */
export function checkTargets(model: Model, { count }: Examples, options: unknown): Targets {
  if (count !== 1) {
    throw new RangeError(`"x" has ${count} examples: explain takes one, of ${model.shape.inputs} values (inputs)`);
  }
  const given = checkOptions('explain', options, ['weight', 'activation']);
  const shapes = model.plan.nodes;
  const place = (name: string, keys: readonly string[]): Record<string, number> | undefined => {
    if (given[name] === undefined) return undefined;
    const value = checkOptions(`"${name}"`, given[name], keys);
    const layer = checkInteger(`${name}.layer`, value['layer'], 0, shapes.length - 1);
    const { inputs, outputs } = shapes[layer];
    if (name === 'weight' && !shapes[layer].kind.hasWeights) {
      throw new RangeError(
        `"weight.layer" is ${layer}, a layer of the kind ${shapes[layer].layer.kind}: a dense one has weights`,
      );
    }
    const checked: Record<string, number> = { layer, k: checkInteger(`${name}.k`, value['k'], 0, inputs - 1) };
    if (keys.includes('j')) checked['j'] = checkInteger(`${name}.j`, value['j'], 0, outputs - 1);
    return checked;
  };
  const weight = place('weight', ['layer', 'j', 'k']) as ExplainOptions['weight'];
  const activation = place('activation', ['layer', 'k']) as ExplainOptions['activation'];
  return { weight, activation };
}

function explainWeight(
  model: Model,
  { layer, j, k }: Required<ExplainOptions>['weight'],
  factors: Factors,
): WeightExplanation {
  const { slope, dA, delta } = factors.layers[layer];
  const input = factors.inputs[layer][k];
  return {
    layer,
    j,
    k,
    value: weightsOf(model, layer)![j * model.plan.nodes[layer].inputs + k],
    input,
    slope: slope[j],
    dA: dA[j],
    delta: delta[j],
    derivative: input * delta[j],
  };
}

function explainActivation(
  model: Model,
  { layer, k }: Required<ExplainOptions>['activation'],
  { layers, derivatives }: Factors,
): ActivationExplanation {
  const { nodes } = model.plan;
  const source = nodes[layer].below;
  const paths: Path[] = [];
  const mixing: number[] = [];
  nodes.forEach(({ kind, layer: own, inputs, below, skip }, reader) => {
    if (below !== source && skip !== source) return;
    const ways = kind.ways?.(own, k, inputs, weightsOf(model, reader));
    if (!ways) mixing.push(reader);
    for (const { j, weight } of ways ?? []) {
      const delta = layers[reader].delta[j];
      paths.push({ layer: reader, j, weight, delta, product: weight * delta });
    }
  });
  const sum = paths.reduce((total, { product }) => total + product, 0);
  if (mixing.length === 0) return { layer, k, paths, sum };
  // what the other ways leave of the whole is that of the layers that mix
  const rest = derivatives[layer][k] - sum;
  paths.push({ layer: mixing[0], j: -1, weight: 1, delta: rest, product: rest });
  return { layer, k, paths, sum: sum + rest };
}

/** The weights of a layer, where it has any. */
function weightsOf(model: Model, layer: number): Float32Array | undefined {
  return readTensors(model, model.parameters)[`layers.${model.plan.nodes[layer].name}.weight`]?.data;
}
