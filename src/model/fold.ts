import type { ConcatLayer } from '../layers/concat.js';
import type { Layer } from '../layers/kind.js';
import type { ResidualLayer } from '../layers/residual.js';
import { nodesOf } from './definition.js';
import { Model } from './model.js';
import { checkParameters, readTensors, writeParameters } from './parameters.js';

type Values = Record<string, { data: ArrayLike<number> }>;

/**
 * A new network on the same engine that predicts what this one does, without its normalize layers. It has made no
 * steps.
 *
 * @throws RangeError where a normalize layer is not followed by a dense one
 */
export function foldedModel(model: Model): Promise<Model> {
  const { engine, crew } = model;
  const definition = { ...model.definition, layers: without(model.definition.layers, '') };
  const values = foldedTensors(
    model,
    nodesOf(definition).map(({ name }) => name),
  );
  return engine.make(() => {
    const made = new Model(engine, definition, crew.wanted);
    try {
      made.initialise();
      writeParameters(made, checkParameters(made, values));
    } catch (error) {
      engine.release(made.at);
      throw error;
    }
    return made;
  });
}

/** Layers without the normalize layers among them; what follows one has biases. */
function without(layers: readonly Layer[], place: string): Layer[] {
  return layers.flatMap((layer, index) => {
    const name = `${place}${index}`;
    if (layer.kind === 'normalize') {
      if (layers[index + 1]?.kind === 'dense') return [];
      throw new RangeError(`layer ${name}, a normalize, cannot be folded: it is not followed by a dense layer`);
    }
    return [{ ...inner(layer, name), ...(layers[index - 1]?.kind === 'normalize' && { bias: true }) }];
  });
}

function inner(layer: Layer, name: string): Layer {
  if (layer.kind === 'residual') {
    const { layers } = layer as ResidualLayer;
    return { ...layer, layers: without(layers, `${name}.`) } as ResidualLayer;
  }
  if (layer.kind === 'concat') {
    const { branches } = layer as ConcatLayer;
    const kept = Object.entries(branches).map(([key, each], index): [string, Layer[]] => [
      key,
      without(each, `${name}.${index}.`),
    ]);
    const own = Array.isArray(branches) ? kept.map(([, each]) => each) : Object.fromEntries(kept);
    return { ...layer, branches: own } as ConcatLayer;
  }
  return layer;
}

/** The tensors of the other nodes, which are called `names` in the new network. */
function foldedTensors(model: Model, names: readonly string[]): Values {
  const { nodes } = model.plan;
  const all = readTensors(model, model.parameters);
  const isNormalize = (index: number): boolean => nodes[index]?.layer.kind === 'normalize';
  const folded: Values = {};
  let next = 0;
  for (const [index, { name, tensors, below }] of nodes.entries()) {
    if (isNormalize(index)) continue;
    const own: Values = {};
    for (const tensor of tensors) if (tensor.exists) own[tensor.name] = all[`layers.${name}.${tensor.name}`];
    const values = isNormalize(below) ? fold(own, all, `layers.${nodes[below].name}`) : own;
    for (const [tensor, value] of Object.entries(values)) folded[`layers.${names[next]}.${tensor}`] = value;
    next++;
  }
  return folded;
}

/** W' = W / deviation and b' = b - W mean / deviation, in float64. */
function fold({ weight, bias }: Values, all: Values, normalize: string): Values {
  const [mean, variance] = ['mean', 'variance'].map((name) => all[`${normalize}.${name}`].data);
  const inputs = mean.length;
  const factors = Array.from(variance, (value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  const weights = Float64Array.from(weight.data, (w, at) => w * factors[at % inputs]);
  const biases = Float64Array.from({ length: weights.length / inputs }, (_, j) => {
    let sum = bias?.data[j] ?? 0;
    for (let k = 0; k < inputs; k++) sum -= weights[j * inputs + k] * mean[k];
    return sum;
  });
  return { weight: { data: weights }, bias: { data: biases } };
}
