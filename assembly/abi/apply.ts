import { layerOf, Network, STEP } from './network';
import { NORMAL } from '../lanes/flush';
import { settle } from '../lanes/vector';
import { touchFilled } from '../step/touched';
import { isSafe } from '../step/safety';
import { runPhase, updatePhase } from '../step/phases';

/**
 * Makes a step of the optimizer at `rate` with the gradients in the network's own array, which the host has written:
 * the bits are those of a step that made them itself. Subnormal gradients become 0. Returns 1, or 0 when the step could
 * overflow something: no weight has changed then.
 */
export function applyGradients(at: usize, rate: f64): i32 {
  const network = changetype<Network>(at);
  network.purpose = STEP;
  // there is no batch, whatever the last call did: running statistics have nothing to follow
  network.training = 0;
  network.rate = rate;
  network.overflow = -1;
  network.bound = settle(network.gradients, network.total, NORMAL);
  for (let index = 0; index < network.depth; index++) touchFilled(layerOf(network, index));
  if (!isSafe(network)) return 0;
  runPhase(network, updatePhase(network));
  return 1;
}
