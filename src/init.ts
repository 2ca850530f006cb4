import type { Engine } from './engine/engine.js';
import { packWeights, type LayerLayout } from './engine/layout.js';

/**
 * How weights begin, uniform within +- a limit; biases begin at 0, except with `pytorch`.
 *
 * - `he`: sqrt(6 / inputs). He et al. 2015, for activations that pass half of their inputs.
 * - `glorot`: sqrt(6 / (inputs + outputs)). Glorot and Bengio 2010, for symmetric ones.
 * - `pytorch`: 1 / sqrt(inputs), for the biases too. What `torch.nn.Linear` does.
 * - `zeros`: all 0, for a layer whose weights are set later.
 */
export const INITS = {
  he: { limit: (inputs: number, _outputs: number) => Math.sqrt(6 / inputs), biases: false },
  glorot: { limit: (inputs: number, outputs: number) => Math.sqrt(6 / (inputs + outputs)), biases: false },
  pytorch: { limit: (inputs: number, _outputs: number) => 1 / Math.sqrt(inputs), biases: true },
  zeros: { limit: () => 0, biases: false },
} as const;

/** The name of an initialisation. */
export type InitName = keyof typeof INITS;

/** Shuffle n draws from this random stream + n; layer l draws weights from stream 2 l and biases from 2 l + 1. */
export const SHUFFLE_STREAM = 0x80000000;

/** Streams there are for shuffles; after the last of them comes the first again. */
export const SHUFFLES = 0x80000000;

/** A seed as the two words that the generator takes. */
export function seedWords(seed: number): [low: number, high: number] {
  return [seed >>> 0, Math.floor(seed / 0x100000000)];
}

/** Draws the parameters of layer `index`, in the order of [outputs, inputs], into `parameters`. */
export function initialise(
  engine: Engine,
  parameters: number,
  layer: LayerLayout,
  index: number,
  init: InitName,
  hasBias: boolean,
  seed: number,
): void {
  const { inputs, outputs } = layer;
  const { limit, biases } = INITS[init];
  const bound = limit(inputs, outputs);
  const draw = (count: number, stream: number): Float32Array => {
    const at = engine.reserve(engine.transfer, count * 4 + 64, 'drawing the weights');
    engine.kernels.uniform(at, count, -bound, bound, ...seedWords(seed), stream, 0);
    return engine.f32(at, count);
  };
  const weights = draw(inputs * outputs, 2 * index);
  packWeights(layer, weights, engine.f32(parameters + layer.weightOffset * 4, layer.biasOffset - layer.weightOffset));
  if (!biases || !hasBias) return;
  const drawn = draw(outputs, 2 * index + 1);
  engine.f32(parameters + layer.biasOffset * 4, outputs).set(drawn);
}
