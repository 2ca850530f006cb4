import { describe, quantity } from '../support/check.js';
import type { Random } from './arithmetic.js';
import { type Cell, categoryOf, readDate } from './cells.js';

/** Rows to learn from and rows held out, by their numbers, ascending. */
export interface Split {
  readonly training: readonly number[];
  readonly held: readonly number[];
}

/** What decides where a row goes: by time, else by group, else by class, else by chance alone. */
export interface Ordering {
  /** The class of each row, which every part has its share of. */
  readonly classes: ArrayLike<number> | undefined;
  /** Rows of one group stay together. */
  readonly groups: readonly string[] | undefined;
  /** What comes later is held out. */
  readonly times: readonly number[] | undefined;
}

/**
 * Holds out a share of some rows. Of classes each gives its share, to within a row; groups go whole, until the share is
 * reached; by time the last ones go.
 */
export function holdOut(rows: readonly number[], ordering: Ordering, share: number, random: Random): Split {
  const wanted = Math.max(1, Math.round(rows.length * share));
  const order = orderOf(rows, ordering, random);
  let held: readonly number[];
  if (ordering.times) held = order.slice(order.length - wanted);
  else if (ordering.groups) held = wholeGroups(order, ordering.groups, wanted);
  // spread over the rows in order of their classes
  else
    held = order.filter(
      (_, i) => Math.floor(((i + 1) * wanted) / rows.length) > Math.floor((i * wanted) / rows.length),
    );
  return splitBy(rows, held);
}

/**
 * Cuts some rows into `count` parts, each held out once. By time there is one part more, and each fold learns from what came
 * before the part that it holds out.
 */
export function cutFolds(rows: readonly number[], ordering: Ordering, count: number, random: Random): Split[] {
  const order = orderOf(rows, ordering, random);
  const { groups } = ordering;
  if (ordering.times) {
    const bound = (part: number): number => Math.round((part * rows.length) / (count + 1));
    return Array.from({ length: count }, (_, fold) => ({
      training: order.slice(0, bound(fold + 1)),
      held: order.slice(bound(fold + 1), bound(fold + 2)),
    }));
  }
  if (!groups) {
    return Array.from({ length: count }, (_, fold) =>
      splitBy(
        rows,
        order.filter((_row, i) => i % count === fold),
      ),
    );
  }
  const parts: number[][] = Array.from({ length: count }, () => []);
  for (const members of membersOf(order, groups).sort((a, b) => b.length - a.length)) {
    parts.reduce((least, part) => (part.length < least.length ? part : least)).push(...members);
  }
  return parts.filter((part) => part.length > 0).map((part) => splitBy(rows, part));
}

/** The rows in a random order, those of a class together; or by time. */
function orderOf(rows: readonly number[], { classes, groups, times }: Ordering, random: Random): number[] {
  const order = [...rows];
  if (times) return order.sort((a, b) => times[a] - times[b] || a - b);
  random.shuffle(order);
  if (classes && !groups) order.sort((a, b) => classes[a] - classes[b]); // stable
  return order;
}

function wholeGroups(order: readonly number[], groups: readonly string[], wanted: number): number[] {
  const members = membersOf(order, groups);
  const held: number[] = [];
  for (const group of members.slice(1)) {
    if (held.length >= wanted) break;
    held.push(...group);
  }
  return held;
}

function membersOf(order: readonly number[], groups: readonly string[]): number[][] {
  const members = new Map<string, number[]>();
  for (const row of order) {
    const group = members.get(groups[row]);
    if (group) group.push(row);
    else members.set(groups[row], [row]);
  }
  return [...members.values()];
}

function splitBy(rows: readonly number[], held: readonly number[]): Split {
  const out = new Set(held);
  return { training: rows.filter((row) => !out.has(row)), held: rows.filter((row) => out.has(row)) };
}

/**
 * The group of each row; what is missing is a group of its own.
 *
 * @throws RangeError for one group alone
 */
export function readGroups(name: string, cells: readonly Cell[]): string[] {
  const groups = cells.map((cell) => (cell === null ? '' : `=${categoryOf(cell)}`));
  const count = new Set(groups).size;
  if (count < 2)
    throw new RangeError(`"group": column ${describe(name)} has ${quantity(count, 'group')}: expected 2 or more`);
  return groups;
}

/**
 * The time of each row: a date, or a number.
 *
 * @throws TypeError for a row without one
 */
export function readTimes(name: string, cells: readonly Cell[]): number[] {
  return cells.map((cell, row) => {
    const time = typeof cell === 'number' ? cell : (readDate(cell) ?? Number(cell ?? NaN));
    if (!Number.isFinite(time)) {
      throw new TypeError(`"time": row ${row + 1} of column ${describe(name)} is neither a date nor a number`);
    }
    return time;
  });
}
