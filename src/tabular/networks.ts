import { adamW, concat, cosine, createNetwork, dense, embedding } from '../index.js';
import type { AbortSignalLike, Epoch, Layer, Network } from '../index.js';
import { type Encoded, type Features, gather, inputsOf, rowsOf } from './features.js';
import type { Recipe } from './recipe.js';
import type { Split } from './split.js';
import type { Task } from './target.js';

/** What a network is told beside its rows. */
export interface Purpose {
  readonly task: Task;
  /** Classes, or numbers of a row. */
  readonly outputs: number;
}

/** Targets as networks take them: a class of each row, or standardised numbers row by row. */
export type Targets = Int32Array | Float32Array;

/** What a training is told from outside. */
export interface Steering {
  readonly classWeight?: readonly number[] | undefined;
  readonly signal?: AbortSignalLike | undefined;
  readonly onEpoch?: ((epoch: Epoch) => void) | undefined;
}

const MOST_EMBEDDED = 16;

/** A network of random weights for some features. */
export function makeNetwork(
  features: Features,
  { task, outputs }: Purpose,
  hidden: readonly number[],
  training: { seed: number; recipe: Recipe; steps: number },
): Promise<Network> {
  const inputs = new Map<string, number>();
  const branches = new Map<string, Layer[]>();
  const add = (part: string, columns: number, branch: Layer[]): void => {
    inputs.set(part, columns);
    branches.set(part, branch);
  };
  if (features.width > 0) add('plain', features.width, []);
  for (const { part, encoder } of features.places) {
    if (part !== undefined) add(part, 1, [embedding(encoder.categories, sizeOf(encoder.categories, hidden.length))]);
  }
  const last = dense(outputs, task === 'classes' ? 'softmax' : 'linear');
  const { rate, weightDecay } = training.recipe;
  const { steps, seed } = training;
  return createNetwork({
    inputs: Object.fromEntries(inputs),
    layers: [concat(Object.fromEntries(branches)), ...hidden.map((units) => dense(units, 'silu')), last],
    optimizer: adamW({ rate: cosine({ from: rate, steps }), weightDecay, decay: 'weights' }),
    seed,
  });
}

/** Values of an embedding's row: about the square root of its rows; one for the linear model. */
function sizeOf(categories: number, depth: number): number {
  return depth === 0 ? 1 : Math.min(MOST_EMBEDDED, Math.ceil(Math.sqrt(categories)));
}

/** Trains one network on some rows until the others are predicted no better, and leaves it at its best. */
export async function trainNetwork(
  net: Network,
  encoded: Encoded,
  targets: Targets,
  split: Split,
  options: Steering & { recipe: Recipe },
): Promise<Epoch[]> {
  const { recipe, classWeight, signal, onEpoch } = options;
  const part = (rows: readonly number[]): [ReturnType<typeof inputsOf>, Targets] => [
    inputsOf(rowsOf(encoded, rows)),
    targetsOf(targets, encoded.count, rows),
  ];
  const validated = split.held.length > 0;
  const history: Epoch[] = [];
  const epochs = net.epochs(...part(split.training), {
    epochs: recipe.epochs,
    batchSize: recipe.batchSize,
    ...(validated ? { validation: part(split.held), earlyStopping: { patience: recipe.patience } } : {}),
    ...(classWeight ? { classWeight } : {}),
    ...(signal ? { signal } : {}),
  });
  for await (const epoch of epochs) {
    history.push(epoch);
    onEpoch?.(epoch);
  }
  return history;
}

const targetsOf = (targets: Targets, count: number, rows: readonly number[]): Targets =>
  targets instanceof Int32Array ? gather(targets, count, rows) : gather(targets, count, rows);

/** Steps of all epochs. */
export const stepsOf = ({ epochs, batchSize }: Recipe, rows: number): number => epochs * Math.ceil(rows / batchSize);

/**
 * Gives the rows of embeddings that nothing was learnt for, as no row of the training had them, the mean of those that were.
 */
export function settleEmbeddings(net: Network, features: Features, encoded: Encoded, rows: readonly number[]): void {
  const parameters = net.getParameters();
  let branch = Number(features.width > 0);
  for (const { part, encoder } of features.places) {
    if (part === undefined) continue;
    const own = encoded.indices.get(part)!;
    const name = `layers.0.${branch++}.0.weight`;
    const table = parameters[name].data;
    const size = table.length / encoder.categories;
    const seen = new Uint8Array(encoder.categories);
    for (const row of rows) seen[own[row]] = 1;
    const mean = new Float64Array(size);
    const count = seen.reduce((sum, one) => sum + one, 0);
    for (let i = 0; i < table.length; i++) if (seen[Math.floor(i / size)]) mean[i % size] += table[i] / count;
    for (let i = 0; i < table.length; i++) if (!seen[Math.floor(i / size)]) table[i] = mean[i % size];
  }
  net.setParameters(parameters);
}

/** The mean outputs of some networks, row by row, in float64 and in one order. */
export async function averageOutputs(nets: readonly Network[], encoded: Encoded): Promise<Float64Array> {
  const x = inputsOf(encoded);
  const sum = new Float64Array(encoded.count * nets[0].outputs);
  for (const net of nets) add(sum, await net.predictAsync(x), nets.length);
  return sum;
}

/** As `averageOutputs`, at once. */
export function averageOutputsNow(nets: readonly Network[], encoded: Encoded): Float64Array {
  const x = inputsOf(encoded);
  const sum = new Float64Array(encoded.count * nets[0].outputs);
  for (const net of nets) add(sum, net.predict(x), nets.length);
  return sum;
}

function add(sum: Float64Array, outputs: ArrayLike<number>, count: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] += outputs[i] / count;
}
