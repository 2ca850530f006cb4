import { describe } from '../support/check.js';
import type { CompositeKind, Layer } from './kind.js';

/** Branches side by side, as `concat` makes it. */
export interface ConcatLayer extends Layer {
  readonly kind: 'concat';
  readonly branches: readonly (readonly Layer[])[];
}

/**
 * Several branches of layers, which all take the same values; what they give stands side by side. An empty branch passes
 * on what it takes.
 *
 * @param branches at least one array of layers; `createNetwork` checks them
 */
export function concat(branches: readonly (readonly Layer[])[]): ConcatLayer {
  return { kind: 'concat', branches };
}

export const CONCAT: CompositeKind<ConcatLayer> = {
  options: ['branches'],
  check(place, { branches }, nested) {
    if (!Array.isArray(branches) || branches.length === 0) {
      const example = '[[dense(10, "relu")], []]';
      throw new TypeError(
        `"${place}branches" must be an array of arrays of layers, such as ${example}: got ${describe(branches)}`,
      );
    }
    const each = Array.from({ length: branches.length }, (_, index) =>
      nested(`${place}branches[${index}]`, branches[index]),
    );
    return { kind: 'concat', branches: each };
  },
  expand({ branches }, builder, name, end) {
    const ends = branches.map((layers, index) => builder.append(layers, `${name}.${index}.`, end));
    return builder.join(name, ends);
  },
};
