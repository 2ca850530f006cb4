/** The ABI: every function the host may call, but what `shared.ts` adds. Pointers and lengths only; nothing here throws. */
export { allocate, clear, release } from './memory';

// A network's records, and what is done with a mini-batch
export { recordBytes, setLayer, setLayerBuffers, setNetwork, setStaging } from './setup';
export {
  forgetBounds,
  optimizerBytes,
  optimizerPower1,
  optimizerPower2,
  optimizerSteps,
  setOptimizer,
  setProgress,
} from './optimizers/record';
export {
  advance,
  batchHits,
  batchLoss,
  batchOverflow,
  beginBatch,
  beginStep,
  readOutputs,
  runBatch,
  runBatchPhase,
  setSource,
  trainBatches,
} from './train';

// The kernels one by one
export { gemmDelta } from './gemm/delta';
export { gemmGradient } from './gemm/gradient';
export { blockFloats, gemmGradientBlocked, wantsBlocks, packBlocks } from './gemm/blocks';
export { gemmProduct } from './gemm/product';
export { tilesOf } from './gemm/height';
export { packRows, rowFloats, rowsAt } from './gemm/rows';
export { scratchFloats } from './gemm/scratch';
export { singleDelta, singleGradient, singleProduct } from './gemm/single';
export { activate, activateBackward } from './activation';
export { softmax, softmaxBackward } from './softmax';
export { loss } from './loss';
export { countHits } from './hits';
export { adagrad, adam, rmsProp, sgd } from './optimizer';
export { gatherBytes, gatherRows } from './gather';
export { columnSum, columnSums, largest, settle, sumOfSquares } from './vector';
export { identityOrder, philox, shuffle, uniform } from './random';

// Exported so that the compiler leaves each a function of its own: inlined into the loop over tiles, their k-loops
// are unrolled and spilled by V8 11 (measured: half the speed on Node 20). Those of the relaxed builds alone are an
// entry of their own: see scripts/kernels.ts
export * from './gemm/tiles.generated';
