/** What the page and its worker say to each other. */
import type { Explanation, Path } from 'chainrule';
import type { Examples, Plane } from '../data/data-set.js';
import type { Focus, Setting } from '../setting/setting.js';
import type { Live, Stage } from '../setting/stages.js';
import type { Task } from '../setting/tasks.js';
import type { Scope } from '../setting/view.js';

/** How fast to train while playing: a few steps a second, some hundred, or all that the machine can. */
export type Speed = 'slow' | 'steady' | 'full';

/** A network to make, and what to train it on. */
export interface Configuration {
  readonly setting: Setting;
  readonly task: Task;
  readonly inputs: number;
  readonly outputs: number;
  readonly train: Examples;
  readonly test: Examples;
  readonly plane: Plane | undefined;
  /** Steps to train at once. */
  readonly steps: number;
  /** What held on the way there; the setting tells what holds from the last of them on. */
  readonly stages: readonly Stage[];
}

/** What the chain rule is shown for. */
export interface Look {
  readonly focus: Focus;
  /** The focus is for the worker to find: an example and a weight whose derivative is not 0. */
  readonly isOpen: boolean;
  /** The example is the person's own, the sketch, as long as there is one; otherwise that of the focus. */
  readonly isOwn: boolean;
  /** What is added to the weight; undefined for a nudge that suits the curvature. */
  readonly nudge: number | undefined;
  readonly scope: Scope;
}

/** An example of a person's own: the picture on the canvas, or the row that was typed. */
export interface Sketch {
  readonly values: Float32Array;
  /** The class that it is meant to be; undefined for the one that the network takes it for. */
  readonly meant?: number | undefined;
}

export interface Neuron {
  readonly layer: number;
  readonly j: number;
}

/** To the worker. `run` numbers the networks, so that what is said of an old one can be told from the new. */
export type Request =
  | { readonly type: 'configure'; readonly run: number; readonly configuration: Configuration }
  | { readonly type: 'play'; readonly speed: Speed }
  | { readonly type: 'pause' }
  | { readonly type: 'advance'; readonly steps: number }
  | { readonly type: 'finishEpoch' }
  /** Acts at once, and goes on as before. */
  | { readonly type: 'change'; readonly live: Live }
  /** The last snapshot has been drawn; the next may come. */
  | { readonly type: 'drawn' }
  | { readonly type: 'look'; readonly look: Look }
  | { readonly type: 'plane'; readonly plane: Plane }
  /** The neuron whose map is shown large. */
  | { readonly type: 'point'; readonly neuron: Neuron | undefined }
  | { readonly type: 'sketch'; readonly sketch: Sketch | undefined }
  | { readonly type: 'save' };

export type Reply =
  | { readonly type: 'snapshot'; readonly run: number; readonly snapshot: Snapshot }
  /** The network could not be made, or training broke off for a reason that is not in the numbers. */
  | { readonly type: 'failed'; readonly run: number; readonly message: string }
  | { readonly type: 'saved'; readonly run: number; readonly bytes: Uint8Array };

/** Where values overflowed, as the library's error says. */
export interface Divergence {
  readonly epoch: number;
  readonly batch: number;
  /** From 0; undefined when only the gradients did. */
  readonly layer: number | undefined;
}

export interface Measured {
  readonly loss: number;
  /** From 0 to 1; NaN where there are no classes. */
  readonly accuracy: number;
  /** The root of the mean squared error of a number; NaN where there are classes. */
  readonly error: number;
}

/** The network at one step, as the page shows it. */
export interface Snapshot {
  readonly steps: number;
  /** Steps of an epoch. */
  readonly batches: number;
  readonly activity: Activity;
  /** The step that a link leads to, while it is trained to. */
  readonly goal: number | undefined;
  readonly stages: readonly Stage[];
  readonly course: Course;
  /** The mean |δ| of each layer. */
  readonly deltas: readonly number[];
  /** Of the neurons of each hidden layer. */
  readonly states: readonly (readonly UnitState[])[];
  readonly diverged: Divergence | undefined;
  readonly stepsPerSecond: number;
  readonly samplesPerSecond: number;
  readonly train: Measured;
  readonly test: Measured;
  /** Of each layer, `[out, in]` and `[out]`. */
  readonly weights: readonly Float32Array[];
  readonly biases: readonly Float32Array[];
  /** What the last step added to the weights of each layer; undefined where no step has been made, or none was watched. */
  readonly change: readonly Float32Array[] | undefined;
  /** The activations over the plane, for each layer: one row of its units for each point, in rows from the top. */
  readonly maps: readonly Float32Array[];
  /** The map of the neuron that is shown large, in `SURFACE_SIDE` rows. */
  readonly large: (Neuron & { readonly map: Float32Array }) | undefined;
  /** A short name for these very weights: the same weights, to the bit, have the same name. */
  readonly fingerprint: string;
  readonly confusion: Confusion | undefined;
  readonly lens: Lens | undefined;
  /** The outputs for the sketch. */
  readonly sketch: Float32Array | undefined;
}

/** Losses and accuracies on the way, each on the training examples and on those of the test. */
export interface Course {
  readonly steps: readonly number[];
  readonly loss: readonly (readonly [train: number, test: number])[];
  readonly accuracy: readonly (readonly [train: number, test: number])[];
  /** The mean |δ| of each layer. */
  readonly deltas: readonly (readonly number[])[];
}

/** Dead: its slope is 0 for every example. Saturated: it is nearly 0 for nearly every one. */
export type UnitState = 'fine' | 'dead' | 'saturated';

export type Activity = 'idle' | 'playing' | 'replaying';

/** Which classes of the test set are taken for which. */
export interface Confusion {
  /** At [true * classes + predicted]. */
  readonly counts: Uint32Array;
  /** The wrongest answers, the surest first. */
  readonly mistakes: readonly Mistake[];
}

export interface Mistake {
  /** Among the test examples. */
  readonly index: number;
  readonly truth: number;
  readonly predicted: number;
  /** The output for the predicted class. */
  readonly confidence: number;
}

/** The chain rule for one example and one weight, and what a nudge of the weight really does. */
export interface Lens {
  /** The worker has found the focus. */
  readonly isFound: boolean;
  /** The example is the sketch, not that of the focus. */
  readonly isOwn: boolean;
  readonly focus: Focus;
  readonly scope: Scope;
  readonly input: Float32Array;
  readonly target: Float32Array;
  readonly explanation: Explanation;
  /** The ways from the neuron's activation to the cost; undefined for an output neuron, which is next to it. */
  readonly paths: readonly Path[] | undefined;
  readonly nudge: Nudge;
  /** Undefined when it overflowed. */
  readonly gradient: ScopeGradient | undefined;
  /** Which examples the scope holds. */
  readonly members: Members;
  /** dC_i/dw of each of them; undefined where they overflowed, and where there is no time for so many while training. */
  readonly shares: Float32Array | undefined;
  /** What finite differences make of dC/dw, for each of `EPSILONS`; undefined while training. */
  readonly differences: Float64Array | undefined;
}

/** So many examples from one on, counted from 0, the training examples first. */
export interface Members {
  readonly first: number;
  readonly count: number;
}

/** Values before and after `w + by`, those of the scope's cost included. */
export interface Nudge {
  readonly by: number;
  readonly z: readonly [before: number, after: number];
  readonly a: readonly [before: number, after: number];
  /** C0, of the example. */
  readonly cost: readonly [before: number, after: number];
  /** C, averaged over the scope. */
  readonly mean: readonly [before: number, after: number];
  /** How far the nudge may go each way: as far as the curve of costs is more or less a parabola. */
  readonly reach: number;
  /** The scope's cost, evenly over the nudges from -reach to reach. */
  readonly curve: Float64Array;
}

/** What finite differences add to the weight and take from it: four to a power of ten, from 1e-7 to 1. */
export const EPSILONS: readonly number[] = Array.from({ length: 29 }, (_, at) => 10 ** (at / 4 - 7));

export interface ScopeGradient {
  readonly count: number;
  readonly loss: number;
  readonly norm: number;
  /** dC/dw of the weight. */
  readonly derivative: number;
  /** Of each layer, `[out, in]` and `[out]`. */
  readonly weights: readonly Float32Array[];
  readonly biases: readonly Float32Array[];
}

/** Points of a heat map in each direction: of a hidden neuron, and of an output. */
export const MAP_SIDE = 32;
export const SURFACE_SIDE = 100;
