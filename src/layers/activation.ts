import { type Activation, activationEntry, type ActivationName, checkActivation } from '../choices/activations.js';
import { bare } from '../support/check.js';
import type { Layer, LeafKind } from './kind.js';

/** An activation by itself, as `activation` makes it. */
export interface ActivationLayer extends Layer {
  readonly kind: 'activation';
  readonly activation: Activation;
}

/**
 * An activation as a layer of its own, elementwise, for where something stands between a dense layer and it:
 * `[dense(20), batchNorm(), activation('relu')]`. It gives as many values as it takes, and has no parameters.
 *
 * @param activation any but `softmax`, which takes whole rows and belongs to a last dense layer
 * @throws TypeError, RangeError for a value that cannot be used
 */
export function activation(activation: ActivationName | Activation): ActivationLayer {
  return ACTIVATION.check('', { activation }, () => []);
}

export const ACTIVATION = bare<LeafKind<ActivationLayer>>({
  code: 6,
  options: ['activation'],
  check(place, { activation: given }) {
    const own = checkActivation(`${place}activation`, given);
    if (!activationEntry(own.name).rowwise) return { kind: 'activation', activation: own };
    throw new RangeError(
      `"${place}activation" is ${own.name}, which takes whole rows: only the last dense layer can have it`,
    );
  },
  outputs: (_, inputs) => inputs,
  tensors: () => [],
  record: ({ activation: { name, parameter } }) => ({ activation: activationEntry(name).code, parameter }),
  hasZ: ({ activation: { name } }) => !activationEntry(name).alias,
  flops: (_, inputs) => inputs,
  ways: (_, k) => [{ j: k, weight: 1 }],
  describe({ activation: { name, parameter } }, inputs) {
    return [`activation ${inputs}`, name + (parameter ? `(${parameter})` : '')];
  },
});
