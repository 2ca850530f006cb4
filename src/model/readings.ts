import type { MeasuredRows } from '../choices/meters.js';
import { checkMetrics, type Measuring } from '../choices/metrics.js';
import type { InputRows } from '../data/numbers.js';
import type { Examples } from '../data/numbers.js';
import { FEW_BYTES, MOST_FEW } from '../data/few.js';
import { room } from '../data/room.js';
import { copyInto } from '../support/arrays.js';
import type { Model } from './model.js';
import { EVALUATE, PREDICT } from './model.js';
import { type Passes, runAtOnce } from './passes.js';
import type { Resident } from './resident.js';
import type { Source } from './source.js';

/** Sums over examples, each times its weight: of their costs, and of the hits among them. */
export interface Sums {
  loss: number;
  hits: number;
  /** The metrics that were asked for, by name. */
  metrics: Record<string, number> | undefined;
}

/** The outputs for all rows, into an array that may lie over them; in `training`, those of a step. */
export function* predictions(model: Model, rows: InputRows, outputs: Float32Array, training = false): Passes<void> {
  const { engine, shape, plan, workspace } = model;
  // in training a batch may have to be one pass
  const most = training && plan.wholeBatches ? rows.count : workspace.mostRows;
  // rows of a later pass must not be overwritten by the outputs of this one
  const apart = rows.count > most && rows.mayOverlap(outputs);
  const filled = apart ? room(rows.count, shape.outputs, undefined) : outputs;
  for (let from = 0; from < rows.count; from += most) {
    const count = Math.min(most, rows.count - from);
    const source = model.transfer(
      { x: rows, y: undefined, weights: undefined, first: 0 },
      from,
      count,
      count * shape.outputs * 4,
    );
    const out = engine.transfer.at;
    model.prepare(count, source);
    yield {
      flops: count * model.forwardFlops,
      begin: () => model.beginBatch(0, count, PREDICT, training, from),
      end: () => {
        engine.kernels.readOutputs(model.at, out);
        copyInto(filled, engine.f32(out, count * shape.outputs), from * shape.outputs);
      },
    };
  }
  if (apart) copyInto(outputs, filled, 0);
}

/** The outputs for all rows, at once, in `into` or an array of their own; in `training`, those of a step. */
export function predictRows(model: Model, rows: InputRows, into?: unknown, training = false): Float32Array {
  const outputs = room(rows.count, model.shape.outputs, into);
  runAtOnce(model, predictions(model, rows, outputs, training));
  return outputs;
}

/**
 * `predictRows` for a few rows, without what it takes to read and check them in full; `undefined`, and nothing has changed,
 * where that has to be done.
 */
export function predictFew(model: Model, x: unknown, into: unknown): Float32Array | undefined {
  const { engine, at, shape, workspace } = model;
  const { kernels } = engine;
  const count = model.countFew(x);
  const values = count * shape.outputs;
  if (!count || values > MOST_FEW || count > workspace.mostRows) return undefined;
  const outputs = room(count, shape.outputs, into);
  const source = model.transferFew(count, x as Float32Array);
  if (!source) return undefined;
  model.prepare(count, source);
  model.crew.run(count * model.forwardFlops, () => {
    kernels.beginBatch(at, 0, count, PREDICT);
    return kernels.runBatch(at);
  });
  kernels.readOutputs(at, source.x);
  const floats = engine.floatsTo(source.x + FEW_BYTES);
  for (let i = 0; i < values; i++) outputs[i] = floats[source.x / 4 + i];
  return outputs;
}

/** The metrics that were asked for, checked against the network. */
export function metricsFor(model: Model, metrics: unknown): Measuring[] {
  return checkMetrics(metrics, { outputs: model.shape.outputs, rule: model.hitRuleOf(false) });
}

/** Measures examples, which are copied pass by pass. */
export function* evaluation(model: Model, examples: Examples, metrics: readonly Measuring[]): Passes<Sums> {
  const { count, first, y } = examples;
  const hitRule = model.hitRuleOf(model.asksForOneHot && y.isOneHot(first, count));
  const place: Place = (from, rows) => [{ ...model.transfer(examples, from, rows), hitRule }, 0];
  return yield* measuring(model, count, metrics, place);
}

/** Measures examples that are in memory, in the order in which they were given. */
export function residentEvaluation(model: Model, data: Resident, metrics: readonly Measuring[]): Passes<Sums> {
  const source = { ...data.source, order: 0 };
  return measuring(model, data.count, metrics, (from) => [source, from]);
}

/** Where some rows lie: their source, and which of its examples is their first. */
type Place = (from: number, rows: number) => [source: Source, first: number];

/** The sums do not depend on where the slices of a pass fall. */
function* measuring(model: Model, count: number, metrics: readonly Measuring[], place: Place): Passes<Sums> {
  const { kernels } = model.engine;
  const meters = metrics.map(({ begin }) => begin({ count, columns: model.shape.outputs }));
  const sums: Sums = { loss: 0, hits: 0, metrics: undefined };
  for (let from = 0; from < count; from += model.workspace.mostRows) {
    const rows = Math.min(model.workspace.mostRows, count - from);
    const [source, first] = place(from, rows);
    model.prepare(rows, source);
    yield {
      flops: rows * model.forwardFlops,
      begin: () => kernels.beginBatch(model.at, first, rows, EVALUATE),
      end: () => {
        sums.loss += kernels.batchLoss(model.at);
        sums.hits += kernels.batchHits(model.at);
        if (meters.length === 0) return;
        const seen = rowsOf(model, source, first, rows);
        for (const meter of meters) meter.add(seen);
      },
    };
  }
  if (meters.length === 0) return sums;
  const values: number[] = [];
  for (const meter of meters) {
    const value = meter.value();
    values.push(typeof value === 'number' ? value : yield* value);
  }
  return { ...sums, metrics: Object.fromEntries(metrics.map(({ name }, index) => [name, values[index]])) };
}

/** The outputs of the pass that is just complete, and the targets of its rows, where they lie. */
function rowsOf(model: Model, source: Source, first: number, count: number): MeasuredRows {
  const { engine, shape, plan } = model;
  const { y, labels, weights, hitRule: rule } = source;
  const columns = shape.outputs;
  const last = plan.nodes.length - 1;
  const stride = plan.nodes[last].ld;
  return {
    count,
    columns,
    rule,
    stride,
    outputs: engine.f32(model.workspace.buffersOf(last).a, count * stride),
    targets: labels ? engine.i32(labels + first * 4, count) : engine.f32(y + first * columns * 4, count * columns),
    weights: weights ? engine.f32(weights + first * 4, count) : undefined,
  };
}
