import { checkOptions } from '../../support/check.js';
import { readDate } from '../cells.js';
import { encoderOf, type Kind, type Profile } from './kind.js';

/** A column that is left out, and why. */
export interface IgnoreState {
  readonly why: string;
}

/** The name of a column that counts rows. */
const ID = /^(?:id|index|key|uuid|guid|rowid|row|unnamed:? ?0)$|[_\s-](?:id|uuid|key)$|[a-z](?:Id|ID|Uuid)$/;
const FEW = 20;
/** From so many characters or words on, on average, values that differ are free text. */
const LONG = 40;
const WORDS = 4;

/** Why a column has nothing to learn from; `undefined` where it has. */
export function whyEmpty({ name, present, cells, counts }: Profile): string | undefined {
  if (name === '') return 'it has no name';
  if (present === 0) return 'all of its values are missing';
  if (counts.size === 1 && present === cells.length) return `its value is always the same`;
  return undefined;
}

/** Why a column only names the row; `undefined` where it does not. */
export function whyIdentifier({ name, cells, present, numbers, counts }: Profile): string | undefined {
  if (counts.size < present || present < FEW) return undefined;
  const wholes = cells.filter((cell) => cell !== null && /^-?\d+$/.test(String(cell)));
  if (wholes.length === present) {
    if (ID.test(name)) return 'an identifier: its name says so, and no value comes twice';
    return isCount(wholes.map(Number)) ? 'an identifier: it counts the rows' : undefined;
  }
  if (numbers > present / 2 || cells.some((cell) => readDate(cell) !== null)) return undefined;
  return isLong(cells) ? undefined : 'an identifier: no value comes twice';
}

/** Whether whole numbers that differ lie as close as those of a count of some rows would. */
function isCount(values: readonly number[]): boolean {
  const rises = values.every((value, i) => i === 0 || value > values[i - 1]);
  return rises && values[values.length - 1] - values[0] < 2 * values.length;
}

/** Why a column is free text; `undefined` where it is not. */
export function whyText({ cells, counts, present }: Profile): string | undefined {
  if (counts.size * 2 <= present || present < FEW) return undefined;
  return isLong(cells) ? 'free text' : counts.size > 0.9 * present ? 'nearly every value is another' : undefined;
}

function isLong(cells: Profile['cells']): boolean {
  const texts = cells.filter((cell) => typeof cell === 'string');
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const words = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0);
  return length > LONG * texts.length || words >= WORDS * texts.length;
}

/** Columns that are left out. */
export const ignore: Kind<IgnoreState> = {
  name: 'ignore',
  does: 'left out: identifiers, free text, constants, columns without values',
  learn: () => ({ why: 'you asked for that' }),
  check(state) {
    const { why } = checkOptions('an ignored column', state ?? null, ['why']);
    if (typeof why !== 'string') throw new TypeError('"why" must be text');
    return { why };
  },
  encoder: () => encoderOf({}),
  tell: ({ why }) => `left out: ${why}`,
  odd: () => undefined,
};
