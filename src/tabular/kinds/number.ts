import { checkBoolean, checkOneOf, checkOptions, describe } from '../../support/check.js';
import { sorted } from '../arithmetic.js';
import { type NumberFormat, readNumber } from '../cells.js';
import { encoderOf, type Kind, type Profile } from './kind.js';
import { checkScale, type Scale, scaled, scaleOf } from './scale.js';

/** What is learnt of a column of numbers. */
export interface NumberState {
  readonly format: NumberFormat;
  readonly scale: Scale;
  /** Whether a second value says that the number is missing: where one was among the training rows. */
  readonly flag: boolean;
}

/** The least share of a column's values that are numbers. */
const LEAST = 0.9;

/** Why a column is taken for numbers: 9 in 10 of its values are, and none begins with a 0 that would be lost. */
export function suitsNumber({ cells, present, numbers }: Profile): boolean {
  if (numbers < LEAST * present) return false;
  return !cells.some((cell) => typeof cell === 'string' && /^0\d/.test(cell));
}

/**
 * Numbers: the median stands for what is missing, and a second value flags it. What is given is scaled by the quartiles and
 * clipped smoothly.
 */
export const number: Kind<NumberState> = {
  name: 'number',
  does: 'missing: the median, and a flag; scaled by median and quartiles, smoothly clipped',

  learn({ name, cells, format }) {
    const read = cells.map((cell) => readNumber(cell, format).value);
    const values = sorted(read.filter((value) => value !== null));
    if (values.length === 0)
      throw new RangeError(`column ${describe(name)} has no number: it cannot be taken for numbers`);
    return { format, scale: scaleOf(values), flag: read.includes(null) };
  },

  check(state) {
    const given = checkOptions('a number', state ?? null, ['format', 'scale', 'flag']);
    return {
      format: checkOneOf('format', given['format'], ['point', 'comma']) as NumberFormat,
      scale: checkScale(given['scale']),
      flag: checkBoolean('flag', given['flag']),
    };
  },

  encoder({ format, scale, flag }) {
    const valueOf = (cell: Parameters<typeof readNumber>[0]): number => readNumber(cell, format).value ?? scale.median;
    return encoderOf({
      width: flag ? 2 : 1,
      write(cell, into, at) {
        into[at] = scaled(valueOf(cell), scale);
        if (flag && readNumber(cell, format).value === null) into[at + 1] = 1;
      },
    });
  },

  tell({ scale, flag, format }) {
    const parts = [`scaled by its median ${round(scale.median)} and width ${round(scale.width)}`];
    if (flag) parts.push('missing values are the median and flagged');
    if (format === 'comma') parts.push('written with a decimal comma');
    return parts.join('; ');
  },

  odd: (cell, { format }) => readNumber(cell, format).odd,
};

/** A number for people. */
const round = (value: number): string => String(Number(value.toPrecision(4)));
