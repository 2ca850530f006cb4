/** Training ran off to infinity. The network keeps its weights from before the batch that did. */
export class DivergenceError extends Error {
  static {
    this.prototype.name = 'DivergenceError';
  }
  /** The epoch, from 1; 0 for a step outside of `fit`. */
  readonly epoch: number;
  /** The batch within the epoch, from 1. */
  readonly batch: number;
  /** The first layer whose values overflowed, from 0; `undefined` when only the gradients did. */
  readonly layer: number | undefined;

  constructor(epoch: number, batch: number, layer: number | undefined, rate: number) {
    const when = epoch ? `in epoch ${epoch}, batch ${batch}` : 'in this batch';
    const what = layer === undefined ? 'its gradients overflowed' : `the values of layer ${layer} overflowed first`;
    super(
      `training diverged ${when}: ${what}. The network keeps its weights from before. A smaller rate (it was ` +
        `${rate}), "clipNorm", or inputs scaled to about 1 are the usual cures`,
    );
    this.epoch = epoch;
    this.batch = batch;
    this.layer = layer;
  }
}
