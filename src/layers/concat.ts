import { checkParts, describe, wrongType } from '../support/check.js';
import { type Columns, COPY } from './copy.js';
import type { Builder, CompositeKind, End, Layer } from './kind.js';

/** The branches of a `concat`: an array of them, or one for each named part of the inputs. */
export type Branches = readonly (readonly Layer[])[] | Readonly<Record<string, readonly Layer[]>>;

/** Branches side by side, as `concat` makes it. */
export interface ConcatLayer extends Layer {
  readonly kind: 'concat';
  readonly branches: Branches;
}

/**
 * Several branches of layers; what they give stands side by side. An empty branch passes on what it takes.
 *
 * Branches in an array all take the same values. With names, such as `concat({ numbers: [], city: [embedding(1000, 8)] })`,
 * each takes the part of the inputs that has its name: that is the first layer of a network whose `inputs` has names.
 *
 * @param branches at least one array of layers; `createNetwork` checks them
 */
export function concat(branches: Branches): ConcatLayer {
  return { kind: 'concat', branches };
}

export const CONCAT: CompositeKind<ConcatLayer> = {
  options: ['branches'],
  check(place, { branches }, nested) {
    const own = `${place}branches`;
    if (!Array.isArray(branches)) {
      const named = checkParts(`"${own}"`, branches, 'an array of arrays of layers, such as [[dense(10, "relu")], []]');
      return {
        kind: 'concat',
        branches: Object.fromEntries(
          Object.entries(named).map(([name, layers]) => [name, nested(`${own}.${name}`, layers)]),
        ),
      };
    }
    if (branches.length === 0) {
      const example = '[[dense(10, "relu")], []]';
      throw wrongType(own, `an array of arrays of layers, such as ${example}`, branches);
    }
    const each = Array.from({ length: branches.length }, (_, index) => nested(`${own}[${index}]`, branches[index]));
    return { kind: 'concat', branches: each };
  },
  expand({ branches }, builder, name, end) {
    const ends = Object.entries(branches).map(([key, layers], index) =>
      builder.append(
        layers,
        `${name}.${index}.`,
        Array.isArray(branches) ? end : partOf(key, builder, `${name}.${index}`, end),
      ),
    );
    return builder.join(name, ends);
  },
};

/** The columns of a named part, in a row of their own. */
function partOf(part: string, builder: Builder, name: string, end: End): End {
  const columns = end.node < 0 ? builder.part(part) : undefined;
  if (!columns) {
    throw new RangeError(
      `the concat layer ${name.split('.').slice(0, -1).join('.')} has a branch ${describe(part)}: names are for the ` +
        'first layer of a network whose "inputs" has them',
    );
  }
  const { from, count } = columns;
  const layer: Columns = { kind: 'concat', from, to: 0, count };
  return builder.push({ name, kind: COPY, layer, end, outputs: count, skip: undefined, group: undefined });
}
