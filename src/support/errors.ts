/**
 * Values ran off to infinity. A network in training keeps its weights from before the batch that did. A loss that is
 * high but finite is not one: many trainings come back from it.
 */
export class DivergenceError extends Error {
  static {
    // defined, since a realm with frozen intrinsics lets nobody assign what Error.prototype has
    Object.defineProperty(this.prototype, 'name', { value: 'DivergenceError', configurable: true, writable: true });
  }
  /** The epoch, from 1; 0 outside of `fit`. */
  readonly epoch: number;
  /** The batch within the epoch, from 1; 0 outside of `fit`. */
  readonly batch: number;
  /**
   * The first layer whose values overflowed, from 0, or the one that holds it: the message has its place. `undefined` when
   * only the gradients or the step did.
   */
  readonly layer: number | undefined;

  /** `place` is that of the layer, such as `1.0`; `rate` that of the step: without it, no step was to be made. */
  constructor(epoch: number, batch: number, place: string | undefined, rate?: number) {
    const when = epoch ? `in epoch ${epoch}, batch ${batch}` : 'in this batch';
    const what =
      place === undefined
        ? 'its gradients, or the step that they make, overflowed'
        : `the values of layer ${place} overflowed first`;
    super(
      rate === undefined
        ? `there are no finite gradients: ${what}. Inputs scaled to about 1, or smaller weights, are the usual cures`
        : `training diverged ${when}: ${what}. The network keeps its weights from before. A smaller rate (it was ` +
            `${rate}), "clipNorm", or inputs scaled to about 1 are the usual cures`,
    );
    this.epoch = epoch;
    this.batch = batch;
    this.layer = place === undefined ? undefined : parseInt(place);
  }
}
