import type { AbortSignalLike } from '../index.js';
import { checkFunction, checkInteger, checkNumber, checkOneOf, checkOptions, describe } from '../support/check.js';
import { KIND_NAMES } from './kinds/kinds.js';
import type { KindName } from './kinds/kind.js';
import type { Task } from './target.js';
import type { Progress } from './training.js';

/** Options of `fitTable`. */
export interface TableOptions {
  /** The column to predict, or several columns of numbers. */
  target: string | readonly string[];
  /** Default: classes for text, booleans and whole numbers of few values; numbers for others. The report says where it could be either. */
  task?: Task;
  /** What columns are to be taken for, where that is not how they look: `{ zip: 'category', id: 'ignore' }`. */
  columns?: Readonly<Record<string, KindName>>;
  /** A whole number from 0 to 2^53 - 1, from which all that is random comes. Default 0. */
  seed?: number;
  /** The share of rows that nothing is learnt from, from 0 to below 1. Default 0.2. With `folds`, it cannot be given. */
  holdout?: number;
  /** How many folds of cross-validation, 2 to 20: each row is held out once, and the model is then made of all rows. */
  folds?: number;
  /** A column whose values name groups: rows of one group are never on both sides. It is not an input. */
  group?: string;
  /** A column of dates or numbers: what comes last is held out. */
  time?: string;
  /** `balanced`: the classes count alike, however many rows each has. */
  classWeight?: 'balanced';
  /** Stops the training: `fitTable` then rejects with the signal's reason. */
  signal?: AbortSignalLike;
  /** Told of each epoch. */
  onProgress?: (progress: Progress) => void;
}

/** The options, checked. */
export interface TablePlan {
  readonly targets: readonly string[];
  readonly task: Task | undefined;
  readonly kinds: ReadonlyMap<string, KindName>;
  readonly seed: number;
  readonly holdout: number;
  readonly folds: number | undefined;
  readonly group: string | undefined;
  readonly time: string | undefined;
  readonly balanced: boolean;
  readonly signal: AbortSignalLike | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

const OPTIONS: readonly (keyof TableOptions)[] = [
  ...(['target', 'task', 'columns', 'seed', 'holdout', 'folds', 'group', 'time', 'classWeight'] as const),
  ...(['signal', 'onProgress'] as const),
];
const SHARE = 0.2;

/** Checks the options before a row is read. */
export function checkTableOptions(options: unknown): TablePlan {
  const given = checkOptions('fitTable', options ?? null, OPTIONS);
  const { task, seed = 0, holdout, folds, signal, onProgress, classWeight } = given;
  if (folds !== undefined && holdout !== undefined) {
    throw new TypeError('"folds" and "holdout" exclude each other: give one of them');
  }
  const [group, time] = (['group', 'time'] as const).map((name) =>
    given[name] === undefined ? undefined : text(name, given[name]),
  );
  if (group !== undefined && time !== undefined) {
    throw new TypeError('"group" and "time" exclude each other: give one of them');
  }
  if (classWeight !== undefined) checkOneOf('classWeight', classWeight, ['balanced']);
  if (signal !== undefined && typeof Reflect.get(Object(signal) as object, 'addEventListener') !== 'function') {
    throw new TypeError(`"signal" must be an AbortSignal: got ${describe(signal)}`);
  }
  return {
    targets: checkTargets(given['target']),
    task: task === undefined ? undefined : (checkOneOf('task', task, ['classes', 'numbers']) as Task),
    kinds: checkKinds(given['columns']),
    seed: checkInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    holdout: holdout === undefined ? SHARE : checkNumber('holdout', holdout, { min: 0, below: 1 }),
    folds: folds === undefined ? undefined : checkInteger('folds', folds, 2, 20),
    group,
    time,
    balanced: classWeight !== undefined,
    signal: signal as AbortSignalLike | undefined,
    onProgress:
      onProgress === undefined ? undefined : (checkFunction('onProgress', onProgress) as TablePlan['onProgress']),
  };
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`"${name}" must be the name of a column: got ${describe(value)}`);
  return value;
}

function checkTargets(value: unknown): string[] {
  const names = Array.isArray(value) ? value.map((name) => text('target', name)) : [text('target', value)];
  if (names.length === 0) throw new RangeError('"target" must be the name of a column, or several: got none');
  if (new Set(names).size < names.length) throw new RangeError('"target" names a column twice');
  return names;
}

function checkKinds(value: unknown): Map<string, KindName> {
  const kinds = new Map<string, KindName>();
  if (value === undefined) return kinds;
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`"columns" must be an object, such as { zip: 'category' }: got ${describe(value)}`);
  }
  for (const [name, kind] of Object.entries(value)) {
    kinds.set(name, checkOneOf(`columns.${name}`, kind, KIND_NAMES) as KindName);
  }
  return kinds;
}
