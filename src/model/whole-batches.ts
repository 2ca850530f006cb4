import type { Model } from './model.js';

/*
 * What a network with a layer that takes statistics of each batch asks of its batches.
 */

/** Throws where batches of training, of `batchSize` of `count` examples each, cannot be taken statistics of. */
export function assertBatches({ plan, workspace }: Model, count: number, batchSize: number): void {
  const node = plan.wholeBatches;
  if (!node) return;
  const rows = Math.min(count, batchSize);
  if (rows === 1 || count % rows === 1) {
    const found = rows === count ? 'got 1' : `${count} examples in batches of ${batchSize} leave a batch of 1`;
    const { kind } = node.layer;
    throw new RangeError(
      `layer ${node.name}, a ${kind}, standardises by the mean and the variance of each batch of training, which takes ` +
        `2 examples or more: ${found}`,
    );
  }
  workspace.assertHolds(rows);
}

/** Throws where examples have no gradients of their own. */
export function assertSeparate({ plan: { wholeBatches: node } }: Model): void {
  if (!node) return;
  const { kind } = node.layer;
  throw new RangeError(
    `"each" cannot be had with layer ${node.name}, a ${kind}: in training what it gives for an example depends on the ` +
      `others of its batch, and so does the example's gradient`,
  );
}
