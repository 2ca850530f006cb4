/**
 * The ABI: every function that the host may call; `shared.ts` adds those for threads. Pointers and lengths only;
 * nothing here throws.
 */
export { allocate, clear, release } from './abi/memory';

// A network's records, and what is done with a mini-batch
export { forgetBounds } from './optimizers/record';
export { applyGradients } from './abi/apply';
export { advance, beginBatch, beginStep, runBatch, runBatchPhase } from './abi/batch';
export { batchHits, batchLoss, batchOverflow, batchWeight, readOutputs } from './abi/results';
export { setSource } from './abi/source';
export { trainBatches } from './abi/train';

// The kernels one by one
export { gemmDelta } from './gemm/delta';
export { gemmGradient } from './gemm/gradient';
export { blockFloats, gemmGradientBlocked, wantsBlocks, packBlocks } from './gemm/blocks';
export { gemmProduct } from './gemm/product';
export { tilesOf } from './gemm/height';
export { packRows, rowFloats, rowsAt } from './gemm/rows';
export { scratchFloats } from './gemm/scratch';
export { singleDelta, singleGradient, singleProduct } from './gemm/single';
export { activate, activateBackward } from './activations/activate';
export { softmax, softmaxBackward } from './activations/softmax';
export { loss } from './losses/loss';
export { countHits } from './step/hits';
export { adagrad } from './optimizers/adagrad';
export { adam } from './optimizers/adam';
export { rmsProp } from './optimizers/rmsProp';
export { sgd } from './optimizers/sgd';
export { average } from './optimizers/average';
export { gatherBytes, gatherRows } from './step/gather';
export { columnSum, columnSums, largest, settle, sumOfSquares } from './lanes/vector';
export { identityOrder, philox, shuffle, uniform } from './random/philox';

// Exported so that the compiler leaves each a function of its own: inlined into the loop over tiles, their k-loops are
// unrolled and spilled by V8 11: half the speed on Node 20 (measured: bench:kernels). Those of the relaxed builds alone
// are an entry of their own: see scripts/kernels.ts
export * from './gemm/tiles.generated';
