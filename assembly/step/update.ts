import { FAINT, LEAST } from '../lanes/flush';
import { Layer } from '../abi/layer';
import { layerOf, Network } from '../abi/network';
import { share } from './share';
import { Optimizer, stateAt } from '../optimizers/record';
import { move } from '../optimizers/table';
import { average } from '../optimizers/average';
import { touchedRow, touchedSquares } from './touched';
import { settle, sumOfSquares } from '../lanes/vector';

/** Outputs of a panel. */
const PANEL: i32 = 8;

/** True after every 32nd step, when the weights and the velocity are swept. */
// @ts-ignore: decorator
@inline
export function isSwept(optimizer: Optimizer): bool {
  const sweeps = optimizer.steps / 32;
  return sweeps == floor(sweeps);
}

/** True where the velocity keeps less than a half of itself in a step: it could be subnormal before the next sweep. */
// @ts-ignore: decorator
@inline
function fades(optimizer: Optimizer): bool {
  return optimizer.velocity != 0 && max(optimizer.momentum, optimizer.beta1) < 0.5;
}

/**
 * Sets to 0 what has become too small: weights below LEAST of flush.ts, and the velocity, where there is one, below
 * FAINT; `count` floats each. They shrink by a factor a step, so a few steps without a sweep do no harm. A sweep after
 * every step would cost a tenth of a small batch (measured: bench, W1).
 */
export function sweep(p: usize, velocity: usize, count: i32): void {
  settle(p, count, LEAST);
  if (velocity) settle(velocity, count, FAINT);
}

/** What depends on the step alone: its number, and how the gradients are scaled. */
export function beginStep(network: Network): void {
  const optimizer = changetype<Optimizer>(network.optimizer);
  optimizer.steps += 1;
  optimizer.power1 *= optimizer.beta1;
  optimizer.power2 *= optimizer.squareDecay;
  if (network.average) {
    // the first average is what the step has made
    network.averageShare = network.averaged > 0 ? <f32>(1 - network.averageDecay) : 1;
    network.averaged += 1;
  }
  optimizer.scale = 1;
  if (optimizer.clipNorm == 0) return;
  // PyTorch's clip_grad_norm_: min(1, clipNorm / (norm + 1e-6))
  let squares = sumOfSquares(network.gradients, network.count);
  for (let index = 0; index < network.depth; index++) squares += touchedSquares(layerOf(network, index));
  const norm = Math.sqrt(squares);
  optimizer.scale = <f32>Math.min(1, optimizer.clipNorm / (norm + 1e-6));
}

/** How many parts of an update can have something to do. */
export function updateUnits(network: Network): i32 {
  let most = 1;
  for (let index = 0; index < network.depth; index++) {
    const layer = layerOf(network, index);
    most = max(most, max(layer.panels, layer.touches));
  }
  return most;
}

/** The optimizer's step, in some panels of each layer: a thread updates the weights whose gradients it has made. */
export function updatePart(network: Network, part: i32, parts: i32): void {
  const optimizer = changetype<Optimizer>(network.optimizer),
    decay = optimizer.weightDecay;
  if (parts == 1 && !optimizer.bySpans) return update(network, 0, network.count, network.rate, decay);
  const biasDecay = optimizer.sparesBiases ? 0 : decay;
  for (let index = 0; index < network.depth; index++) {
    const layer = layerOf(network, index),
      rate = network.rate * layer.rateScale;
    if (!layer.trains) continue;
    if (layer.touched) {
      updateTouched(network, layer, part, parts, rate, decay);
      continue;
    }
    const weightDecay = layer.isScale ? biasDecay : decay,
      weight = floatsTo(network, layer.weight),
      bias = floatsTo(network, layer.bias);
    if (!layer.panels) {
      if (part > 0) continue;
      update(network, weight, bias, rate, weightDecay);
      update(network, bias, bias + PANEL, rate, biasDecay);
      continue;
    }
    const from = share(layer.panels, part, parts),
      to = share(layer.panels, part + 1, parts);
    if (from == to) continue;
    update(network, weight + from * layer.panelStride, weight + to * layer.panelStride, rate, weightDecay);
    update(network, bias + from * PANEL, bias + to * PANEL, rate, biasDecay);
  }
}

// @ts-ignore: decorator
@inline
function floatsTo(network: Network, at: usize): i32 {
  return <i32>((at - network.parameters) >> 2);
}

/**
 * The optimizer's step on the rows of a table that the batch has touched. The others stay as they are, and so does
 * their state. A row may not be touched again for long, so it is swept at once. The average of the weights moves in
 * every row: see `averageTables`.
 */
function updateTouched(network: Network, layer: Layer, part: i32, parts: i32, rate: f64, decay: f64): void {
  const optimizer = changetype<Optimizer>(network.optimizer),
    weight = floatsTo(network, layer.weight),
    stride = layer.panelStride,
    end = share(layer.touches, part + 1, parts);
  for (let i = share(layer.touches, part, parts); i < end; i++) {
    const row = weight + touchedRow(layer, i) * stride,
      offset = (<usize>row) << 2;
    move(optimizer, network.parameters + offset, network.gradients + offset, offset, stride, rate, decay);
    sweep(network.parameters + offset, stateAt(optimizer.velocity, offset), stride);
  }
}

/** Moves the averages of the weights of tables, once their rows are updated. */
export function averageTables(network: Network): void {
  if (!network.average) return;
  for (let index = 0; index < network.depth; index++) {
    const layer = layerOf(network, index);
    if (!layer.touched || !layer.trains) continue;
    const offset = layer.weight - network.parameters;
    average(network.average + offset, layer.weight, layer.categories * layer.panelStride, network.averageShare);
  }
}

/** The optimizer's step on the parameters `from` to `to` - 1 of the network's `count`, multiples of 4. */
function update(network: Network, from: i32, to: i32, rate: f64, weightDecay: f64): void {
  const optimizer = changetype<Optimizer>(network.optimizer),
    offset = (<usize>from) << 2,
    count = to - from,
    p = network.parameters + offset;
  move(optimizer, p, network.gradients + offset, offset, count, rate, weightDecay);
  if (isSwept(optimizer) || fades(optimizer)) sweep(p, stateAt(optimizer.velocity, offset), count);
  if (network.average) average(network.average + offset, p, count, network.averageShare);
}
