import { checkBoolean, checkOptions, describe } from '../../support/check.js';
import { circle, quantile, sorted } from '../arithmetic.js';
import { type Cell, readDate } from '../cells.js';
import { encoderOf, type Kind, type Profile } from './kind.js';
import { checkScale, type Scale, scaled, scaleOf } from './scale.js';

/** What is learnt of a column of dates. */
export interface DateState {
  /** Of the days since 1970. */
  readonly scale: Scale;
  readonly flag: boolean;
  /** Whether the time of day is given too: where the training rows have more than one. */
  readonly hours: boolean;
}

const LEAST = 0.95;
const DAY = 86_400_000;
const YEAR = 365.2425;
/** 1 January 1970 was a Thursday. */
const THURSDAY = 3;

const days = (cell: Cell): number | null => {
  const time = readDate(cell);
  return time === null ? null : time / DAY;
};

/** Why a column is taken for dates: 19 in 20 of its values are. */
export const suitsDate = ({ present, dates }: Profile): boolean => present > 0 && dates >= LEAST * present;

/** Dates: the days since 1970 as a number, and the time of the year, the week and the day as places on a circle. */
export const date: Kind<DateState> = {
  name: 'date',
  does: 'the time as a number, and the time of year, week and day as sine and cosine; missing: the middle, and a flag',

  learn({ name, cells }) {
    const read = cells.map(days);
    const values = sorted(read.filter((value) => value !== null));
    if (values.length === 0) throw new RangeError(`column ${describe(name)} has no date: it cannot be taken for dates`);
    const times = values.map((value) => value - Math.floor(value));
    const flag = read.includes(null);
    return { scale: scaleOf(values), flag, hours: quantile(sorted(times), 0) < quantile(sorted(times), 1) };
  },

  check(state) {
    const given = checkOptions('a date', state ?? null, ['scale', 'flag', 'hours']);
    return {
      scale: checkScale(given['scale']),
      flag: checkBoolean('flag', given['flag']),
      hours: checkBoolean('hours', given['hours']),
    };
  },

  encoder({ scale, flag, hours }) {
    const periods = hours ? [YEAR, 7, 1] : [YEAR, 7];
    return encoderOf({
      width: 1 + 2 * periods.length + Number(flag),
      write(cell, into, at) {
        const day = days(cell);
        if (day === null) {
          if (flag) into[at + 1 + 2 * periods.length] = 1;
          return; // the middle of the line, and of each circle
        }
        into[at] = scaled(day, scale);
        for (const [i, period] of periods.entries()) {
          into.set(circle((day + (period === 7 ? THURSDAY : 0)) / period), at + 1 + 2 * i);
        }
      },
    });
  },

  tell: ({ flag, hours }) =>
    `a number and circles of the year, the week${hours ? ' and the day' : ''}${flag ? '; missing ones are flagged' : ''}`,

  odd: (cell) => (cell !== null && readDate(cell) === null ? 'is no date: taken as missing' : undefined),
};
