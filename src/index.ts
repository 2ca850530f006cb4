/**
 * Trains neural networks in WebAssembly: see `createNetwork`.
 *
 * @packageDocumentation
 */
export { elu, leakyRelu, type Activation, type ActivationName } from './activations.js';
export { FileFormatError } from './check.js';
export { createNetwork, type NetworkOptions } from './create.js';
export type { Inputs, Numbers } from './data.js';
export { provideKernels } from './engine/engine.js';
export { provideWorker } from './engine/host.js';
export type { KernelSource } from './engine/source.js';
export type { Numerics, Sharing } from './engine/variants.js';
export { DivergenceError } from './errors.js';
export type {
  ActivationExplanation,
  ExplainOptions,
  Explanation,
  LayerExplanation,
  Path,
  WeightExplanation,
} from './explain.js';
export type { BatchReport, EarlyStopping, Epoch, FitOptions, Measure, OnBatch } from './fit.js';
export type { Gradients } from './gradients.js';
export type { InitName } from './init.js';
export { dense, type DenseLayer, type DenseOptions } from './layers.js';
export { crossEntropy, huber, smoothL1, type Loss, type LossName } from './losses.js';
export type { Network } from './network.js';
export {
  adagrad,
  adam,
  adamW,
  rmsProp,
  sgd,
  type AdagradOptions,
  type AdamOptions,
  type Optimizer,
  type OptimizerName,
  type RmsPropOptions,
  type SgdOptions,
} from './optimizers.js';
export type { Parameters, ParametersInput, Tensor } from './parameters.js';
export type { AbortSignalLike, UrlLike } from './platform.js';
export { loadNetwork, type LoadOptions } from './save.js';
export { scaled, type ScaledBytes } from './scaled.js';
export type { Batch, Batches, StreamOptions } from './stream.js';
export type { Threads } from './threads.js';
export { constant, cosine, stepDecay, warmUp, type Rate, type Schedule } from './schedules.js';
