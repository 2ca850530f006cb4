import { checkBoolean, checkOptions, describe, quantity, wrongType } from '../../support/check.js';
import { type Cell, categoryOf } from '../cells.js';
import { encoderOf, type Kind } from './kind.js';

/** What is learnt of a column of categories. */
export interface CategoryState {
  /** The most frequent first, and equally frequent ones in the order of their code units. */
  readonly categories: readonly string[];
  /** Whether what is missing is a category of its own: where it was among the training rows. */
  readonly missing: boolean;
}

/** Up to so many categories, each has a value of its own. */
const MOST_ONE_HOT = 24;
/** More than these are taken for unseen, the rarest first. */
const MOST = 50_000;

/**
 * Categories: one-hot where they are few, else rows of an embedding, of which row 0 is for what was not seen. Among many, one
 * that comes only once counts as unseen, so that row 0 is learnt.
 */
export const category: Kind<CategoryState> = {
  name: 'category',
  does: 'one-hot up to 24 categories, an embedding above; missing is a category; a slot for unseen ones',

  learn({ name, cells, counts }) {
    if (counts.size === 0)
      throw new RangeError(`column ${describe(name)} has no value: it cannot be taken for categories`);
    const least = counts.size > MOST_ONE_HOT ? 2 : 1;
    const categories = [...counts]
      .filter(([, count]) => count >= least)
      .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
      .map(([value]) => value);
    return { categories: categories.slice(0, MOST), missing: cells.includes(null) };
  },

  check(state) {
    const given = checkOptions('a category', state ?? null, ['categories', 'missing']);
    const { categories } = given;
    if (!Array.isArray(categories) || categories.length > MOST) throw wrongType('categories', 'an array', categories);
    const strange: unknown = categories.find((value) => typeof value !== 'string');
    if (strange !== undefined) throw wrongType('categories', 'an array of text', strange);
    if (new Set(categories).size < categories.length) throw new RangeError('"categories" has one twice');
    return { categories: categories as string[], missing: checkBoolean('missing', given['missing']) };
  },

  encoder({ categories, missing }) {
    const places = new Map(categories.map((value, place) => [value, place + 1]));
    // 0 is unseen, and what is missing comes last
    const index = (cell: Cell): number =>
      cell === null ? (missing ? categories.length + 1 : 0) : (places.get(categoryOf(cell)) ?? 0);
    const size = categories.length + Number(missing);
    if (size > MOST_ONE_HOT) return encoderOf({ categories: size + 1, index });
    return encoderOf({
      width: size,
      write(cell, into, at) {
        const place = index(cell);
        if (place > 0) into[at + place - 1] = 1;
      },
    });
  },

  tell({ categories, missing }) {
    const size = categories.length + Number(missing);
    const way = size > MOST_ONE_HOT ? 'an embedding' : 'one-hot';
    return `${quantity(categories.length, 'category').replace('categorys', 'categories')}, ${way}${missing ? '; missing is one more' : ''}`;
  },

  odd: () => undefined,
};
