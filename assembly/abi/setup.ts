import { Layer, layerOf, Network } from './records';

/** Bytes that the records of a network take: the host reserves them in the network's block. */
export function recordBytes(depth: i32): i32 {
  return <i32>offsetof<Network>() + depth * <i32>offsetof<Layer>();
}

/** Writes a network's own record; the layers' records follow it at once. */
export function setNetwork(
  at: usize,
  depth: i32,
  lossKind: i32,
  lossParameter: f32,
  optimizer: usize,
  parameters: usize,
  gradients: usize,
  count: i32,
): void {
  const network = changetype<Network>(at);
  network.layers = at + offsetof<Network>();
  network.depth = depth;
  network.lossKind = lossKind;
  network.lossParameter = lossParameter;
  network.optimizer = optimizer;
  network.parameters = parameters;
  network.gradients = gradients;
  network.count = count;
}

/**
 * Says where passes of up to `rowsPerPass` rows keep their targets, labels, weights, scratch and, if it is not 0,
 * input gradients.
 */
export function setStaging(
  at: usize,
  rowsPerPass: i32,
  target: usize,
  labels: usize,
  weights: usize,
  scratch: usize,
  inputGradient: usize,
): void {
  const network = changetype<Network>(at);
  network.rowsPerPass = rowsPerPass;
  network.target = target;
  network.labels = labels;
  network.weights = weights;
  network.scratch = scratch;
  network.inputGradient = inputGradient;
}

/** Writes the sizes of layer `index`, and where its parameters and their gradients are. */
export function setLayer(
  at: usize,
  index: i32,
  inputs: i32,
  outputs: i32,
  lda: i32,
  ld: i32,
  panels: i32,
  panelStride: i32,
  activation: i32,
  parameter: f32,
  hasBias: i32,
  weight: usize,
  bias: usize,
  weightGradient: usize,
  biasGradient: usize,
): void {
  const layer = layerOf(changetype<Network>(at), index);
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.lda = lda;
  layer.ld = ld;
  layer.panels = panels;
  layer.panelStride = panelStride;
  layer.activation = activation;
  layer.parameter = parameter;
  layer.hasBias = hasBias;
  layer.rateScale = 1;
  layer.weight = weight;
  layer.bias = bias;
  layer.weightGradient = weightGradient;
  layer.biasGradient = biasGradient;
}

/** Says by what layer `index` multiplies the rate of a step: 1 until then. */
export function setRateScale(at: usize, index: i32, rateScale: f64): void {
  layerOf(changetype<Network>(at), index).rateScale = rateScale;
}

/** Has each step from now on move the average at `average`, which holds that of `averaged` steps; 0 ends it. */
export function setAverage(at: usize, average: usize, decay: f64, averaged: f64): void {
  const network = changetype<Network>(at);
  network.average = average;
  network.averageDecay = decay;
  network.averaged = averaged;
}

/** How many steps the average has in it. */
export function stepsAveraged(at: usize): f64 {
  return changetype<Network>(at).averaged;
}

/** Says where the rows of a pass are in layer `index`. */
export function setLayerBuffers(at: usize, index: i32, x: usize, z: usize, a: usize, d: usize): void {
  const layer = layerOf(changetype<Network>(at), index);
  layer.x = x;
  layer.z = z;
  layer.a = a;
  layer.d = d;
}

/** Says which threads share the network's work from the next call on: `crew` of `team`, or 1 and 0 for the caller alone. */
export function setCrew(at: usize, team: usize, crew: i32): void {
  const network = changetype<Network>(at);
  network.team = team;
  network.crew = crew;
}
