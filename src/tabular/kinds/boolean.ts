import { checkBoolean, checkOptions, describe } from '../../support/check.js';
import type { Cell } from '../cells.js';
import { encoderOf, type Kind, type Profile } from './kind.js';

/** Whether a second value says that it is missing. */
export interface BooleanState {
  readonly flag: boolean;
}

const YES: readonly string[] = ['true', 'yes', 't', 'y'];
const NO: readonly string[] = ['false', 'no', 'f', 'n'];

/** `null` for what is neither. Numbers count as in JavaScript, 0 as false. */
export function readBoolean(cell: Cell): boolean | null {
  if (typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') return cell !== 0;
  if (typeof cell !== 'string') return null;
  const text = cell.toLowerCase();
  return YES.includes(text) ? true : NO.includes(text) ? false : null;
}

/** Why a column is taken for booleans: all of its values are, or say so. */
export function suitsBoolean({ cells, present }: Profile): boolean {
  return (
    present > 0 && cells.every((cell) => cell === null || (typeof cell !== 'number' && readBoolean(cell) !== null))
  );
}

/** true and false, as booleans or as yes and no, t and f: 1 and -1, and 0 for what is missing. */
export const boolean: Kind<BooleanState> = {
  name: 'boolean',
  does: 'true is 1, false -1; missing: 0, and a flag',

  learn({ name, cells }) {
    const read = cells.map(readBoolean);
    if (read.every((value) => value === null)) {
      throw new RangeError(`column ${describe(name)} has neither true nor false: it cannot be taken for booleans`);
    }
    return { flag: read.includes(null) };
  },

  check(state) {
    return { flag: checkBoolean('flag', checkOptions('a boolean', state ?? null, ['flag'])['flag']) };
  },

  encoder({ flag }) {
    return encoderOf({
      width: flag ? 2 : 1,
      write(cell, into, at) {
        const value = readBoolean(cell);
        into[at] = value === null ? 0 : value ? 1 : -1;
        if (flag && value === null) into[at + 1] = 1;
      },
    });
  },

  tell: ({ flag }) => `1 and -1${flag ? '; missing values are 0 and flagged' : ''}`,

  odd: (cell) =>
    cell !== null && readBoolean(cell) === null ? 'is neither true nor false: taken as missing' : undefined,
};
