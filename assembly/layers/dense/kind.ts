import { Layer } from '../../abi/layer';
import { Network } from '../../abi/network';
import { DELTA, FORWARD } from '../kinds';
import { beginDelta, beginGradient, delta, deltaUnits, gradient } from './backward';
import { beginForward, endForward, forward } from './forward';

/** What an element costs beside the products, as if it were flops. */
const ACTIVATION: f64 = 16;

/** z = W * x + b, a = activation(z): every output sees every input. */
@unmanaged
export class Dense {
  @inline begin(network: Network, layer: Layer, index: i32, pass: i32): void {
    if (pass == FORWARD) beginForward(network, layer, index);
    else if (pass == DELTA) beginDelta(network, layer);
    else beginGradient(network, layer, index);
  }

  @inline run(network: Network, layer: Layer, index: i32, pass: i32, part: i32, parts: i32): void {
    if (pass == FORWARD) forward(network, layer, index, part, parts);
    else if (pass == DELTA) delta(network, layer, part, parts);
    else gradient(network, layer, index, part, parts);
  }

  @inline end(network: Network, layer: Layer, index: i32, pass: i32): void {
    if (pass == FORWARD) endForward(network, layer, index);
  }

  @inline units(_network: Network, layer: Layer, pass: i32): i32 {
    return pass == DELTA ? deltaUnits(layer) : max(1, layer.panels);
  }

  @inline cost(network: Network, layer: Layer, _pass: i32): f64 {
    return <f64>network.rows * (2 * <f64>layer.inputs + ACTIVATION) * <f64>layer.outputs;
  }
}
