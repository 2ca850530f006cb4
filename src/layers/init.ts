import type { Engine } from '../engine/engine.js';

/** Whether a layer lies between two hidden ones, is a softmax (`rowwise`), or neither. */
export type Role = 'inner' | 'rowwise' | 'other';

/** What the size of a layer's first weights depends on. */
interface Place {
  readonly inputs: number;
  readonly outputs: number;
  readonly role: Role;
}

const none = (): number => 0;
const byInputs = ({ inputs }: Place): number => 1 / Math.sqrt(inputs);

/** The first layer, and the last of a regression or of two classes, are small: training begins with a smooth function. */
const balanced = ({ inputs, outputs, role }: Place): number => {
  if (role === 'inner') return Math.sqrt(2 / inputs);
  return role === 'rowwise' ? Math.sqrt(6 / (inputs + outputs)) : 1 / Math.sqrt(inputs);
};

/**
 * How parameters begin: uniform within +- a limit.
 *
 * - `balanced`, the default: 1 / sqrt(inputs), biases too; but sqrt(2 / inputs) for the weights between two hidden
 *   layers, which keeps the signal of deep networks alive, and sqrt(6 / (inputs + outputs)) for those of a softmax.
 *   Chosen by measurement: `docs/learning.md`.
 * - `he`: sqrt(6 / inputs), biases 0. He et al. 2015, for activations that pass half of their inputs. Networks of far
 *   more than 8 hidden layers may need it.
 * - `glorot`: sqrt(6 / (inputs + outputs)), biases 0. Glorot and Bengio 2010, for symmetric activations.
 * - `pytorch`: 1 / sqrt(inputs), for the biases too. What `torch.nn.Linear` does.
 * - `zeros`: all 0, for a layer whose weights are set later.
 */
export const INITS = {
  balanced: { weights: balanced, biases: byInputs },
  he: { weights: ({ inputs }: Place) => Math.sqrt(6 / inputs), biases: none },
  glorot: { weights: ({ inputs, outputs }: Place) => Math.sqrt(6 / (inputs + outputs)), biases: none },
  pytorch: { weights: byInputs, biases: byInputs },
  zeros: { weights: none, biases: none },
} as const;

/** The name of an initialisation. */
export type InitName = keyof typeof INITS;

/**
 * Shuffle n draws from this random stream + n; layer l draws weights from stream 2 l and biases from 2 l + 1. Dropout has
 * the streams from 0x40000000 on: `assembly/layers/dropout.ts`.
 */
export const SHUFFLE_STREAM = 0x80000000;

/** Streams there are for shuffles; after the last of them comes the first again. */
export const SHUFFLES = 0x80000000;

/** A seed as the two words that the generator takes. */
export function seedWords(seed: number): [low: number, high: number] {
  return [seed >>> 0, Math.floor(seed / 0x100000000)];
}

/** Draws `count` values, uniform within +- `limit`, from stream 0 or 1 of a layer. They are good until the next are drawn. */
export type Draw = (count: number, limit: number, stream: 0 | 1) => Float32Array;

/** What draws for layer `index` of a network. */
export function drawing(engine: Engine, seed: number, index: number): Draw {
  return (count, limit, stream) => {
    const at = engine.reserve(engine.transfer, count * 4 + 64, 'drawing the weights');
    engine.kernels.uniform(at, count, -limit, limit, ...seedWords(seed), 2 * index + stream, 0);
    return engine.f32(at, count);
  };
}
