/** Everything that a person can set, and that decides which weights come out. The address holds all of it. */
import type { ActivationName, InitName, LossName, OptimizerName } from 'chainrule';

/** The data sets: six in the plane, the digits, and the person's own file. */
export const DATA_NAMES = ['circle', 'xor', 'gauss', 'spiral', 'moons', 'plane', 'digits', 'csv'] as const;
export type DataName = (typeof DATA_NAMES)[number];

/** One hidden layer. */
export interface LayerSetting {
  readonly units: number;
  readonly activation: ActivationName;
}

/** What the numbers of a target mean: amounts, or one class for each value. */
export const TARGET_KINDS = ['numbers', 'classes'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What is used of a CSV file. The file itself never leaves the machine, so an address can only name it. */
export interface CsvSetting {
  readonly file: string;
  readonly target: string;
  /** What the target is taken for where it could be either; undefined for what is likely. */
  readonly as?: TargetKind;
  /** Columns that are not used. */
  readonly ignored: readonly string[];
}

export interface Setting {
  readonly data: DataName;
  /** From 0 to 0.5: the standard deviation of what is added to each coordinate of the sets in the plane. */
  readonly noise: number;
  /** The share of the examples that is held out, in per cent. */
  readonly testShare: number;
  readonly dataSeed: number;
  readonly csv: CsvSetting;
  /** The hidden layers; the output layer follows from the data. */
  readonly layers: readonly LayerSetting[];
  /** Of the output layer. */
  readonly output: ActivationName;
  readonly loss: LossName;
  /** How the weights begin. */
  readonly init: InitName;
  readonly optimizer: OptimizerName;
  readonly rate: number;
  /** What the optimizer has beside its rate and weight decay, by name. */
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly batchSize: number;
  readonly weightDecay: number;
  /** 0: the gradient is not clipped. */
  readonly clipNorm: number;
  readonly seed: number;
}

/** Which example and which weight the chain rule is shown for. It decides nothing, but a link shows the same. */
export interface Focus {
  /** Counted from 0, the training examples first, then the test examples. */
  readonly example: number;
  /** `w_jk` of this layer, all counted from 0. */
  readonly layer: number;
  readonly j: number;
  readonly k: number;
}

export const MOST_LAYERS = 6;
export const MOST_NEURONS = 32;
export const MOST_SEED = 0xffffffff;

export const INIT_NAMES: readonly InitName[] = ['balanced', 'he', 'glorot', 'pytorch', 'zeros'];

export const HIDDEN_ACTIVATIONS: readonly ActivationName[] = [
  ...(['tanh', 'relu', 'sigmoid', 'linear', 'leakyRelu', 'elu', 'silu', 'softplus', 'gelu', 'geluTanh'] as const),
];
