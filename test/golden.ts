/** Reads PyTorch's training runs (`fixtures/golden/README.md` explains them) and puts them in the library's words. */
import { readBytes } from './files.js';
import { softmax } from './reference/activations.js';
import { rowsOf } from './reference/compare.js';
import type { ActivationSpec, DenseLayer, LossSpec, Network } from './reference/network.js';
import type { OptimizerConfig } from './reference/optimizers.js';

type Values = Float32Array | Float64Array | Int32Array;

/** PyTorch's own float32 deviation from its float64, per kind of array: what the tolerances are made of. */
type Deviation = Record<'grad' | 'gradX' | 'loss_batch' | 'loss_full_after' | 'weights_final' | 'pred_final', number>;

export interface GoldenCase {
  id: string;
  /** Inputs first, then the outputs of every layer. */
  sizes: number[];
  /** One for each layer. A softmax that PyTorch folds into its loss stands here as the last activation. */
  activations: ActivationSpec[];
  /** Whether every layer has biases, or none. */
  bias: boolean;
  loss: LossSpec;
  optimizer: OptimizerConfig;
  /** The rate of each step, where the run has a schedule. */
  rates?: number[];
  clipNorm?: number;
  /** How many examples there are, how many make a batch, and how many steps were taken. */
  examples: number;
  batchSize: number;
  steps: number;
  x: Float32Array;
  /** Dense rows, or class indices. */
  y: Float32Array | Int32Array;
  /** PyTorch's last layer holds the logits: what it calls the output is our softmax's z. */
  outputIsLogits: boolean;
  deviation: Deviation;
  lossInitial: number;
  /** An array of the run by its name in the files. */
  array(name: string): Values;
}

interface CaseFile {
  id: string;
  sizes: number[];
  activations: { name: string; slope?: number; alpha?: number }[];
  bias: boolean;
  loss: { name: string; delta?: number; label_smoothing?: number };
  optimizer: {
    name: string;
    lr: number;
    momentum: number;
    dampening: number;
    weight_decay: number;
    nesterov: boolean;
    betas: [number, number];
    eps: number;
    amsgrad: boolean;
    lr_decay: number;
    initial_accumulator_value: number;
  };
  clip_norm: number | null;
  lr_schedule: number[] | null;
  N: number;
  batch: number;
  steps: number;
  loss_full_initial_f64: number;
  torch_f32_vs_f64_relmax: Deviation;
  bin: string;
  arrays: Record<string, { dtype: 'f32' | 'f64' | 'i32'; offset: number; count: number }>;
}

const FOLDER = 'test/fixtures/golden';
const TYPES = { f32: Float32Array, f64: Float64Array, i32: Int32Array };

/** Every case, in the order of the index. */
export async function loadGoldenCases(): Promise<GoldenCase[]> {
  const index = await readJson<{ cases: { json: string }[] }>('index.json');
  return Promise.all(index.cases.map(async ({ json }) => loadCase(await readJson<CaseFile>(json))));
}

async function loadCase(file: CaseFile): Promise<GoldenCase> {
  const { buffer } = await readBytes(`${FOLDER}/${file.bin}`);
  const array = (name: string): Values => {
    const entry = file.arrays[name];
    if (!entry) throw new Error(`${file.id} has no array "${name}"`);
    return new TYPES[entry.dtype](buffer, entry.offset, entry.count);
  };
  const outputIsLogits = file.loss.name === 'softmax_ce';
  const activations = file.activations.map(activationOf);
  if (outputIsLogits) activations[activations.length - 1] = { name: 'softmax' };
  return {
    id: file.id,
    sizes: file.sizes,
    activations,
    bias: file.bias,
    loss: lossOf(file.loss),
    optimizer: optimizerOf(file.optimizer),
    ...(file.lr_schedule && { rates: file.lr_schedule }),
    ...(file.clip_norm !== null && { clipNorm: file.clip_norm }),
    examples: file.N,
    batchSize: file.batch,
    steps: file.steps,
    x: array('X') as Float32Array,
    y: array('Y') as Float32Array | Int32Array,
    outputIsLogits,
    deviation: file.torch_f32_vs_f64_relmax,
    lossInitial: file.loss_full_initial_f64,
    array,
  };
}

function activationOf({ name, slope, alpha }: CaseFile['activations'][number]): ActivationSpec {
  switch (name) {
    case 'leaky_relu':
      return { name: 'leakyRelu', parameter: slope! };
    case 'elu':
      return { name: 'elu', parameter: alpha! };
    case 'gelu_erf':
      return { name: 'gelu' };
    case 'linear':
    case 'sigmoid':
    case 'tanh':
    case 'relu':
    case 'silu':
    case 'softmax':
      return { name };
    default:
      throw new Error(`no activation of ours is PyTorch's "${name}"`);
  }
}

function lossOf({ name, delta, label_smoothing }: CaseFile['loss']): LossSpec {
  switch (name) {
    case 'sse_mean':
      return { name: 'quadratic' };
    case 'mse':
      return { name: 'mse' };
    case 'huber':
      return { name: 'huber', parameter: delta! };
    case 'bce':
      return { name: 'binaryCrossEntropy' };
    case 'softmax_ce':
      return { name: 'crossEntropy', parameter: label_smoothing ?? 0 };
    default:
      throw new Error(`no loss of ours is PyTorch's "${name}"`);
  }
}

function optimizerOf(file: CaseFile['optimizer']): OptimizerConfig {
  const { lr: rate, weight_decay: weightDecay, eps: epsilon } = file;
  switch (file.name) {
    case 'sgd': {
      const { momentum, dampening, nesterov } = file;
      return { name: 'sgd', rate, momentum, dampening, nesterov, weightDecay };
    }
    case 'adam':
    case 'adamw': {
      const [beta1, beta2] = file.betas;
      const name = file.name === 'adam' ? 'adam' : 'adamW';
      return { name, rate, beta1, beta2, epsilon, weightDecay, amsgrad: file.amsgrad };
    }
    case 'adagrad': {
      const { lr_decay: rateDecay, initial_accumulator_value: initialAccumulator } = file;
      return { name: 'adagrad', rate, rateDecay, epsilon, weightDecay, initialAccumulator };
    }
    default:
      throw new Error(`no optimizer of ours is PyTorch's "${file.name}"`);
  }
}

/** The network before training. */
export function networkOf({ activations, sizes, bias, loss, clipNorm, array }: GoldenCase): Network {
  const layers = activations.map((activation, l): DenseLayer => {
    const weights = rowsOf(array(`W${l + 1}_init`), sizes[l]);
    return { weights, activation, ...(bias && { biases: Array.from(array(`b${l + 1}_init`)) }) };
  });
  return { layers, loss, ...(clipNorm !== undefined && { clipNorm }) };
}

/** What our network puts out where PyTorch's puts out `values`. */
export function outputsOf({ outputIsLogits, sizes }: GoldenCase, values: ArrayLike<number>): ArrayLike<number> {
  return outputIsLogits ? rowsOf(values, sizes.at(-1)).flatMap(softmax) : values;
}

/** The rows of the batch of step t, `end` excluded: no shuffling, and the last batch may be short. */
export function batchRange({ examples, batchSize }: GoldenCase, step: number): [start: number, end: number] {
  const start = (step % Math.ceil(examples / batchSize)) * batchSize;
  return [start, Math.min(examples, start + batchSize)];
}

async function readJson<T>(name: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await readBytes(`${FOLDER}/${name}`))) as T;
}
