import { assertAdapted } from '../model/adapt.js';
import type { Model } from '../model/model.js';
import { assertBatches } from '../model/whole-batches.js';

/** Throws where no step can be made with a batch of `rows` examples, whatever they are. */
export function assertStep(model: Model, rows: number): void {
  assertAdapted(model);
  assertBatches(model, rows, rows);
}
