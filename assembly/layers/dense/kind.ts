import { Layer } from '../../abi/layer';
import { Network } from '../../abi/network';
import { panelUnits } from '../../step/share';
import { DELTA, FORWARD, GRADIENT } from '../kinds';
import { beginGradient, delta, deltaUnits, gradient } from './backward';
import { beginForward, endForward, forward } from './forward';

/** What an element costs beside the products, as if it were flops. */
const ACTIVATION: f64 = 16;

/** z = W * x + b, a = activation(z): every output sees every input. */
@unmanaged
export class Dense {
  @inline begin(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) beginForward(layer);
    else if (stage == GRADIENT) beginGradient(network, layer, index);
  }

  @inline run(network: Network, layer: Layer, index: i32, stage: i32, part: i32, parts: i32): void {
    if (stage == FORWARD) forward(network, layer, index, part, parts);
    else if (stage == DELTA) delta(network, layer, part, parts);
    else gradient(network, layer, index, part, parts);
  }

  @inline end(network: Network, layer: Layer, index: i32, stage: i32): void {
    if (stage == FORWARD) endForward(network, layer, index);
  }

  @inline units(_network: Network, layer: Layer, stage: i32): i32 {
    return stage == DELTA ? deltaUnits(layer) : max(1, panelUnits(layer.panels));
  }

  @inline cost(network: Network, layer: Layer, _stage: i32): f64 {
    return <f64>network.rows * (2 * <f64>layer.inputs + ACTIVATION) * <f64>layer.outputs;
  }
}
