import type { Engine } from '../engine/engine.js';
import type { Packing } from '../engine/layout.js';
import { checkBoolean, checkNumber, MOST_FLOAT32 } from '../support/check.js';
import type { Draw, Role } from './init.js';
import type { LAYER } from '../engine/records.generated.js';

/** A layer, as the function of its kind makes it: `dense`, `residual`, ... */
export interface Layer {
  readonly kind: string;
}

/** What may be said of a layer of any kind that has parameters. */
export interface LayerOptions {
  /** Whether its parameters are trained. Default true. Below the lowest layer that is, no gradient is worked out. */
  trainable?: boolean;
  /**
   * What the optimizer's rate is multiplied by for the layer's parameters. Default 1. A parameter group of PyTorch with a
   * rate of its own.
   */
  rateScale?: number;
}

/** One of a layer's tensors. */
export interface TensorSpec {
  /** As in PyTorch: `weight`, `bias`. */
  readonly name: string;
  /** The field of the kernels' record that says where it lies, and of its gradient, with `Gradient` behind it. */
  readonly field: 'weight' | 'bias' | 'mean' | 'variance' | undefined;
  readonly shape: readonly number[];
  readonly packing: Packing;
  /** Whether the optimizer changes it: what is not is kept, and saved, beside what is. */
  readonly trained: boolean;
  /** Whether a batch touches few of its rows, and only they are updated. */
  readonly sparse: boolean;
  /** False where there is only room for it, all 0. */
  readonly exists: boolean;
  /** What none of its values may be below. */
  readonly min: number | undefined;
  /** Its first values, where they are not 0. */
  initial(draw: Draw, role: Role): ArrayLike<number> | undefined;
}

/** Fields of the kernels' record of a layer. */
export type LayerFields = Partial<Record<keyof typeof LAYER.fields, number>>;

/** How a layer's rows lie: see `PlannedNode`. */
export interface RowShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly lda: number;
  readonly ld: number;
}

/** What the library asks of every kind of layers. `kinds.ts` is the table of all. */
interface Kind<Own> {
  /** What an object that describes such a layer may hold, beside its `kind`. */
  readonly options: readonly string[];
  /** Whether it can be the last of a network. */
  readonly isHead?: boolean;
  /**
   * The layer that options describe, defaults filled in; `place` comes before their names in messages, and `nested` checks
   * layers within it.
   */
  check(place: string, given: Record<string, unknown>, nested: CheckLayers): Own;
}

/** Checks an array of layers: `place` is what messages call it. */
export type CheckLayers = (place: string, value: unknown) => Layer[];

/** A kind of which the kernels know: one record. */
export interface LeafKind<Own> extends Kind<Own> {
  /** The kernels' code for it: `assembly/layers/kinds.ts`. */
  readonly code: number;
  /** Values of a row that it gives. Throws where it cannot take so many. */
  outputs(layer: Own, inputs: number): number;
  tensors(layer: Own, inputs: number): TensorSpec[];
  /** What its record says beside sizes, tensors and buffers. */
  record(layer: Own, inputs: number): LayerFields;
  /** Whether it keeps a row of values beside its activations; one that does not has its activations for z. */
  hasZ(layer: Own): boolean;
  /** Whether it writes its rows in whole panels of 8 outputs: others leave what is behind their last value. */
  readonly writesPanels?: boolean;
  /** Floats that it keeps of a pass of some rows until it goes back, beside z and a. */
  kept?(shape: RowShape, rows: number): number;
  /** Whether in training it takes statistics of each batch, which then has to be one pass of several rows. */
  wholeBatches?(layer: Own): boolean;
  /** Floats of scratch that a pass of some rows takes. */
  scratch?(engine: Engine, shape: RowShape, rows: number): number;
  /** Bytes that it keeps between batches, beside its tensors: where the field `touched` of its record points. */
  memory?(layer: Own): number;
  /** Of a kind whose inputs are indices, which have to be the network's: how many values there are of each. */
  categories?(layer: Own): number;
  /** Flops of one example, forward. */
  flops(layer: Own, inputs: number): number;
  /** Whether it has weights [outputs, inputs]. */
  readonly hasWeights?: boolean;
  /** By which of its neurons, and with which dz_j/da_k, its input k goes on; left out by a kind that mixes its inputs. */
  ways?(layer: Own, k: number, inputs: number, weights: Float32Array | undefined): { j: number; weight: number }[];
  /** Its line in `summary`: its shape, and what else there is to say. */
  describe(layer: Own, inputs: number): [shape: string, more: string];
}

/** Where values come from: a node, or -1 for the inputs, and how many there are. */
export interface End {
  readonly node: number;
  readonly size: number;
}

/**
 * A leaf to be added behind `end`; `outputs` where its kind does not say it. What there is none of is said: what is left
 * out would be asked of `Object.prototype`.
 */
export interface Leaf {
  readonly name: string;
  readonly kind: LeafKind<unknown>;
  readonly layer: Layer;
  readonly end: End;
  readonly outputs: number | undefined;
  /** Of one that reads two rows: the other one. */
  readonly skip: number | undefined;
  /** Of those that write into the same row: the first of them. */
  readonly group: number | undefined;
}

/** What layers are added to, one after another; each method returns where they end. */
export interface Builder {
  append(layers: readonly Layer[], prefix: string, end: End): End;
  push(leaf: Leaf): End;
  /** The columns of a named part of the inputs; `undefined` where no part has that name. */
  part(name: string): { from: number; count: number } | undefined;
  /** Has several ends stand side by side in one row. */
  join(name: string, ends: readonly End[]): End;
}

/** A kind that is made of others. */
export interface CompositeKind<Own> extends Kind<Own> {
  /** Adds what the layer is made of, behind `end`. Returns where it ends. */
  expand(layer: Own, builder: Builder, name: string, end: End): End;
}

/** The options that all kinds with parameters share. */
export const SHARED = ['trainable', 'rateScale'];

/** Those options, checked. */
export function checkShared(place: string, given: Record<string, unknown>): Required<LayerOptions> {
  const { trainable = true, rateScale = 1 } = given;
  return {
    trainable: checkBoolean(`${place}trainable`, trainable),
    rateScale: checkNumber(`${place}rateScale`, rateScale, { min: 0, max: MOST_FLOAT32 }),
  };
}
