import { mean } from '../data/weights.js';
import type { Model } from '../model/model.js';
import type { Sums } from '../model/readings.js';

/**
 * The loss averaged over examples, and the share of them that came out right, where that means something; each counts
 * by its weight, where they have weights.
 */
export interface Measure {
  readonly loss: number;
  /**
   * From 0 to 1; absent for a network that does not classify. After a softmax, under crossEntropy, and where every row
   * of the targets is one-hot (a single 1 among zeros), an example is right when its largest output is its class's.
   * Other targets of sigmoids or binaryCrossEntropy are counted output by output: right is one on its target's side of
   * 1/2. Whether rows are one-hot is asked of all that a call is given; by `fitBatches`, of each batch.
   */
  readonly accuracy?: number;
  /** The metrics that were asked for, by name. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** One epoch, as `epochs` yields it and `fit` lists it. */
export interface Epoch extends Measure {
  /** From 1. */
  readonly number: number;
  /** The mean over the epoch's examples, each taken before the step that learnt from it. */
  readonly loss: number;
  /** Of the training data, after the epoch; with `validation` they are taken there instead. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** On the validation data, after the epoch. */
  readonly validation?: Measure;
  /** How long the training took, without validation, in seconds. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Steps that the network has made in all. */
  readonly steps: number;
}

/** What `onBatch` is told once a batch is done. */
export interface BatchReport {
  /** The epoch and the batch within it, from 1. */
  readonly epoch: number;
  readonly batch: number;
  /** How many batches the epoch has, as far as that is known: see `fitBatches`. */
  readonly batches: number;
  /** Steps that the network has made in all. */
  readonly step: number;
  /** The batch's mean loss, before its step. */
  readonly loss: number;
  /** Examples of the batch. */
  readonly samples: number;
}

/** Told of each batch; a promise that it returns is awaited before the next. */
export type OnBatch = (report: BatchReport) => unknown;

/** The means of sums over examples that weigh `weight` together. */
export function measure(model: Model, { loss, hits, metrics }: Sums, weight: number): Measure {
  return {
    loss: mean(loss, weight),
    ...(model.classifies && { accuracy: mean(hits, weight) }),
    ...(metrics && { metrics }),
  };
}
