/**
 * Trains neural networks in WebAssembly: see `createNetwork`.
 *
 * @packageDocumentation
 */
export { elu, leakyRelu, type Activation, type ActivationName } from './choices/activations.js';
export { FileFormatError } from './support/check.js';
export { topK, type Metric, type MetricFunction, type MetricName, type Metrics } from './choices/metrics.js';
export { createNetwork, type NetworkOptions } from './api/create.js';
export type { Inputs, Numbers } from './data/numbers.js';
export type { WeightedExamples, Weighting } from './data/weighing.js';
export { provideKernels } from './engine/engines.js';
export { provideWorker } from './engine/host.js';
export type { KernelSource } from './engine/source.js';
export type { Numerics, Sharing } from './engine/variants.js';
export { DivergenceError } from './support/errors.js';
export type {
  ActivationExplanation,
  ExplainOptions,
  Explanation,
  LayerExplanation,
  Path,
  WeightExplanation,
} from './model/explanation.js';
export type { Checkpoint } from './training/checkpoint.js';
export type { Averaging } from './training/averaging.js';
export type { EarlyStopping } from './training/early-stopping.js';
export type { FitOptions } from './training/fit.js';
export type { BatchReport, Epoch, Measure, OnBatch } from './training/report.js';
export type { BackwardGradients, EachOptions, Gradients, MeanOptions } from './model/gradients.js';
export type { OwnLoss } from './training/own-loss.js';
export type { InitName } from './layers/init.js';
export { activation, type ActivationLayer } from './layers/activation.js';
export { batchNorm, type BatchNormLayer, type BatchNormOptions } from './layers/batch-norm.js';
export { concat, type ConcatLayer } from './layers/concat.js';
export { dense, type DenseLayer, type DenseOptions } from './layers/dense.js';
export { layerNorm, type LayerNormLayer, type LayerNormOptions } from './layers/layer-norm.js';
export { normalize, type NormalizeLayer, type NormalizeOptions } from './layers/normalize.js';
export { dropout, type DropoutLayer } from './layers/dropout.js';
export { embedding, type EmbeddingLayer } from './layers/embedding.js';
export type { Layer, LayerOptions } from './layers/kind.js';
export { residual, type ResidualLayer } from './layers/residual.js';
export { crossEntropy, huber, smoothL1, type Loss, type LossName } from './choices/losses.js';
export type { Network } from './api/network.js';
export type { QuantizedNetwork } from './api/quantized.js';
export {
  adagrad,
  adam,
  adamW,
  rmsProp,
  sgd,
  type AdagradOptions,
  type AdamOptions,
  type Decay,
  type DecayOptions,
  type Optimizer,
  type OptimizerName,
  type RmsPropOptions,
  type SgdOptions,
} from './choices/optimizers.js';
export type { Parameters, ParametersInput, Tensor } from './model/parameters.js';
export type { AbortSignalLike, UrlLike } from './support/platform.js';
export { loadNetwork, type LoadOptions } from './api/load.js';
export { loadQuantized } from './api/load-quantized.js';
export { scaled, type ScaledBytes } from './data/scaled.js';
export type { Batch, Batches, StreamOptions } from './training/stream.js';
export type { Threads } from './threads/option.js';
export { constant, cosine, stepDecay, warmUp, type Rate, type Schedule } from './choices/schedules.js';
