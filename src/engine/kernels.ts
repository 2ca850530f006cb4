/** 2^-126, the least float32 that is normal: what is smaller counts as 0, see docs/numerics.md. */
export const LEAST_NORMAL = 1.1754943508222875e-38;

/**
 * The kernels' exports as TypeScript sees them: `assembly/index.ts` documents each. Pointers are byte addresses in
 * `memory`; counts and strides are in floats.
 */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  release(at: number): void;
  clear(at: number, bytes: number): void;

  scratchFloats(rows: number, inputs: number, outputs: number, lda: number, ld: number, panels: number): number;

  forgetBounds(at: number): void;

  setSource(
    at: number,
    x: number,
    inputScale: number,
    inputSize: number,
    y: number,
    labels: number,
    weights: number,
    order: number,
    hitRule: number,
    given: number,
  ): void;
  beginBatch(at: number, first: number, batch: number, purpose: number): void;
  beginStep(at: number, first: number, batch: number, rate: number): void;
  runBatchPhase(at: number, phase: number): void;
  runBatch(at: number): number;
  trainBatches(
    at: number,
    examples: number,
    batchSize: number,
    from: number,
    batches: number,
    rates: number,
    rate: number,
    totals: number,
  ): number;
  applyGradients(at: number, rate: number): number;
  advance(at: number, budget: number): number;
  readOutputs(at: number, out: number): void;
  batchLoss(at: number): number;
  batchHits(at: number): number;
  batchOverflow(at: number): number;
  batchWeight(at: number): number;

  activateBackward(kind: number, z: number, a: number, d: number, count: number, parameter: number): void;
  average(out: number, w: number, count: number, share: number): void;
  settle(x: number, count: number, bound: number): number;
  sumOfSquares(x: number, count: number): number;
  uniform(
    out: number,
    count: number,
    low: number,
    high: number,
    seedLow: number,
    seedHigh: number,
    stream: number,
    counter: number,
  ): void;
  identityOrder(order: number, count: number): void;
  shuffle(
    order: number,
    from: number,
    to: number,
    seedLow: number,
    seedHigh: number,
    stream: number,
    counter: number,
  ): void;
}

/** What the builds for shared memory export as well: see `assembly/shared.ts`. */
export interface SharedKernels extends Kernels {
  setCrew(at: number, team: number, crew: number): void;
  isUpdating(at: number): number;
  teamBytes(threads: number): number;
  takeStall(team: number): number;
  isBusy(team: number, index: number): number;
}
