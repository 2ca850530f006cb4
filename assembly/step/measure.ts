import { layerOf, Network, TRAIN } from '../abi/network';
import { largest } from '../lanes/vector';
import { loss } from '../losses/loss';
import { GIVEN } from '../losses/table';
import { countHits } from './hits';

/** Adds the cost of this pass's rows; when it trains, d of the last layer = dC/da, or dC/dz for a fused pair. */
export function measure(network: Network): void {
  const layer = layerOf(network, network.depth - 1),
    rows = network.rows;
  const y = network.sourceY ? network.target : 0,
    labels = network.sourceLabels ? network.labels : 0,
    weights = network.sourceWeights ? network.weights : 0;
  // where all weights are 0 there is nothing to learn, and 1 / 0 times 0 would be NaN
  const scale = network.batchWeight > 0 ? 1.0 / network.batchWeight : 0;
  network.loss += loss(
    network.given ? GIVEN : network.lossKind,
    layer.z,
    layer.a,
    y,
    labels,
    network.purpose >= TRAIN ? layer.d : 0,
    rows,
    layer.outputs,
    layer.ld,
    network.lossParameter,
    scale,
    weights,
  );
  if (!(network.loss < f64.MAX_VALUE) && network.overflow < 0) network.overflow = firstOverflow(network);
  if (network.hitRule) {
    network.hits += countHits(network.hitRule, layer.a, y, labels, rows, layer.outputs, layer.ld, weights);
  }
}

/** The first layer with a value that is not finite; the last where only the cost of finite values is not. */
function firstOverflow(network: Network): i32 {
  const last = network.depth - 1;
  for (let index = 0; index < last; index++) {
    const layer = layerOf(network, index);
    if (!(largest(layer.z, network.rows * layer.ld) < f32.MAX_VALUE)) return index;
  }
  return last;
}
