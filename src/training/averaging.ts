import type { Model } from '../model/model.js';
import { checkInteger, checkNumber, checkOptions } from '../support/check.js';
import type { Leave } from './leave.js';

/** How the weights of several steps or epochs are averaged: what the network predicts with, and saves. */
export interface Averaging {
  /** The first epoch that takes part. Default 1. */
  from?: number;
  /**
   * The share of itself that the average keeps in a step, from 0 and below 1: an exponential moving average of the
   * weights after each step (Polyak and Juditsky 1992). Default: none, and the plain mean of the weights after each
   * epoch (Izmailov et al. 2018, SWA). Both are those of `torch.optim.swa_utils`.
   */
  decay?: number;
}

/** The option, checked. */
export interface AveragingPlan {
  readonly from: number;
  readonly decay: number | null;
}

/** @param allowed what the owner of the option takes of it */
export function checkAverage(value: unknown, allowed: readonly (keyof Averaging)[]): AveragingPlan | undefined {
  if (value === undefined || value === false) return undefined;
  const { from = 1, decay } = checkOptions('average', value === true ? {} : value, allowed);
  return {
    from: checkInteger('average.from', from, 1, 0x7fffffff),
    decay: decay === undefined ? null : checkNumber('average.decay', decay, { min: 0, below: 1 }),
  };
}

/**
 * Trains an epoch on the raw weights, and leaves their average in place. Where none is asked for, what the network
 * predicts with is what is trained.
 */
export async function whileAveraging<T>(
  { average }: Model,
  leave: Leave,
  plan: AveragingPlan | undefined,
  epoch: number,
  train: () => Promise<T>,
): Promise<T> {
  if (!plan) {
    average.drop();
    return train();
  }
  const { from, decay } = plan;
  average.begin(decay, epoch >= from);
  try {
    const trained = await train();
    if (decay === null && epoch >= from) average.add();
    return trained;
  } finally {
    // the memory of a network that was disposed of is no longer its own
    if (leave.isAlive) average.end();
  }
}
