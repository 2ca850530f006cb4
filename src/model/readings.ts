import type { InputRows } from '../data/numbers.js';
import { type Examples, room } from '../data/numbers.js';
import { copyInto } from '../support/arrays.js';
import type { Model } from './model.js';
import { EVALUATE, PREDICT, type Source } from './model.js';
import type { Passes } from './passes.js';
import type { Resident } from './resident.js';

/** Sums over examples: of their costs, and of those that came out right. */
export interface Sums {
  loss: number;
  hits: number;
}

/** The outputs for all rows, into an array that may lie over them. */
export function* predictions(model: Model, rows: InputRows, outputs: Float32Array): Passes<void> {
  const { engine, shape } = model;
  // rows of a later pass must not be overwritten by the outputs of this one
  const apart = rows.count > model.mostRows && rows.mayOverlap(outputs);
  const filled = apart ? room(rows.count, shape.outputs, undefined) : outputs;
  for (let from = 0; from < rows.count; from += model.mostRows) {
    const count = Math.min(model.mostRows, rows.count - from);
    const source = model.transfer({ x: rows, y: undefined }, from, count, count * shape.outputs * 4);
    const out = engine.transfer.at;
    model.prepare(count, source);
    yield {
      flops: count * model.forwardFlops,
      begin: () => engine.kernels.beginBatch(model.at, 0, count, PREDICT),
      end: () => {
        engine.kernels.readOutputs(model.at, out);
        copyInto(filled, engine.f32(out, count * shape.outputs), from * shape.outputs);
      },
    };
  }
  if (apart) copyInto(outputs, filled, 0);
}

/** Measures examples, which are copied pass by pass. */
export function* evaluation(model: Model, examples: Examples): Passes<Sums> {
  const { count, y } = examples;
  const hitRule = model.hitRuleOf(model.asksForOneHot && y.isOneHot(0, count));
  return yield* measuring(model, count, (from, rows) => [{ ...model.transfer(examples, from, rows), hitRule }, 0]);
}

/** Measures examples that are in memory. */
export function residentEvaluation(model: Model, data: Resident): Passes<Sums> {
  return measuring(model, data.count, (from) => [data.source, from]);
}

/** The sums do not depend on where the slices of a pass fall. */
function* measuring(
  model: Model,
  count: number,
  place: (from: number, rows: number) => [source: Source, first: number],
): Passes<Sums> {
  const { kernels } = model.engine;
  const sums: Sums = { loss: 0, hits: 0 };
  for (let from = 0; from < count; from += model.mostRows) {
    const rows = Math.min(model.mostRows, count - from);
    const [source, first] = place(from, rows);
    model.prepare(rows, source);
    yield {
      flops: rows * model.forwardFlops,
      begin: () => kernels.beginBatch(model.at, first, rows, EVALUATE),
      end: () => {
        sums.loss += kernels.batchLoss(model.at);
        sums.hits += kernels.batchHits(model.at);
      },
    };
  }
  return sums;
}
