import { Network } from './network';

/**
 * Says where the examples come from: x [*, inputs], y [*, outputs] or i32 labels [*], and weights [*] >= 0 or 0 where
 * all weigh 1, all dense. `inputScale` is 0 where x is float32, and what to multiply by where it is bytes; `inputSize`
 * the largest |x|, so multiplied. `hitRule` says how hits are counted, if at all: see hits.ts. `given` is 1 where y is
 * dC/da of each example in place of targets.
 */
export function setSource(
  at: usize,
  x: usize,
  inputScale: f32,
  inputSize: f32,
  y: usize,
  labels: usize,
  weights: usize,
  order: usize,
  hitRule: i32,
  given: i32,
): void {
  const network = changetype<Network>(at);
  network.sourceX = x;
  network.inputScale = inputScale;
  network.inputSize = inputSize;
  network.sourceY = y;
  network.sourceLabels = labels;
  network.sourceWeights = weights;
  network.order = order;
  network.hitRule = hitRule;
  network.given = given;
}
