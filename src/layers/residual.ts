import { ADD } from './add.js';
import type { CompositeKind, Layer } from './kind.js';

/** Layers with a way around them, as `residual` makes it. */
export interface ResidualLayer extends Layer {
  readonly kind: 'residual';
  readonly layers: readonly Layer[];
}

/**
 * a = f(x) + x, f being some layers: He et al. 2015. Their last has to give as many values as the first takes. What x
 * means for the cost is then the sum over both ways.
 *
 * @param layers at least one; `createNetwork` checks them
 */
export function residual(layers: readonly Layer[]): ResidualLayer {
  return { kind: 'residual', layers };
}

export const RESIDUAL: CompositeKind<ResidualLayer> = {
  options: ['layers'],
  check(place, { layers }, nested) {
    const inner = nested(`${place}layers`, layers);
    if (inner.length === 0) throw new RangeError(`"${place}layers" must hold at least one layer, such as dense(10)`);
    return { kind: 'residual', layers: inner };
  },
  expand({ layers }, builder, name, end) {
    const inner = builder.append(layers, `${name}.`, end);
    if (inner.size !== end.size) {
      throw new RangeError(
        `the residual layer ${name} takes ${end.size} values and its last layer gives ${inner.size}: ` +
          'they are added up, so there must be as many',
      );
    }
    return builder.push({
      name,
      kind: ADD,
      layer: { kind: 'residual' },
      end: inner,
      outputs: end.size,
      skip: end.node,
      group: undefined,
    });
  },
};
