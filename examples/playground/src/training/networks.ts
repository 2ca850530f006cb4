/** Networks made from a setting by the library's public calls. */
import {
  adagrad,
  adam,
  adamW,
  createNetwork,
  dense,
  rmsProp,
  sgd,
  type DenseLayer,
  type Network,
  type NetworkOptions,
  type Optimizer,
} from 'chainrule';
import { usableOptions } from '../setting/optimizers.js';
import type { Setting } from '../setting/setting.js';
import type { Configuration } from './protocol.js';

const OPTIMIZERS = { sgd, adam, adamW, rmsProp, adagrad };

function optimizerOf({ optimizer, rate, weightDecay, options }: Setting): Optimizer {
  return OPTIMIZERS[optimizer]({ rate, weightDecay, ...usableOptions(options) });
}

export function layersOf({ setting, outputs }: Configuration): DenseLayer[] {
  const { init } = setting;
  return [
    ...setting.layers.map(({ units, activation }) => dense(units, activation, { init })),
    dense(outputs, setting.output, { init }),
  ];
}

/** The network of a configuration. */
export function makeNetwork(configuration: Configuration): Promise<Network> {
  const { setting, inputs } = configuration;
  const options: NetworkOptions = {
    inputs,
    layers: layersOf(configuration),
    loss: setting.loss,
    optimizer: optimizerOf(setting),
    seed: setting.seed,
    ...(setting.clipNorm > 0 && { clipNorm: setting.clipNorm }),
  };
  return createNetwork(options);
}
