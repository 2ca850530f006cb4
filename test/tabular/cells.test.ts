/** Cells: how numbers, dates and what is missing are read. */
import { describe, expect, it } from 'vitest';
import { formatOf, MISSING, readCell, readDate, readNumber } from '../../src/tabular/cells.js';
import { refusal } from '../errors/support.js';

const where = () => 'row 3, column "a"';

describe('readCell', () => {
  it.each([...MISSING, ...MISSING.map((text) => ` ${text.toUpperCase()} `)])('takes %j for missing', (text) => {
    expect(readCell(text, where)).toBe(null);
  });

  it.each([
    [undefined, null],
    [null, null],
    [NaN, null],
    [0, 0],
    [-0.5, -0.5],
    [12n, 12],
    [' x ', 'x'],
    [false, false],
  ])('reads %s as %s', (given, cell) => expect(readCell(given, where)).toBe(cell));

  it('copies dates, and takes an invalid one for missing', () => {
    const date = new Date(5);
    const cell = readCell(date, where);
    expect(cell).toEqual(date);
    expect(cell).not.toBe(date);
    expect(readCell(new Date(NaN), where)).toBe(null);
  });

  it.each([[{}], [[1]], [Symbol('s')], [() => 1], [new Map()]])('refuses %s by its place', async (value) => {
    expect(await refusal(() => readCell(value, where))).toMatch(/^TypeError: row 3, column "a" holds /);
  });
});

describe('readNumber', () => {
  it.each([
    ['12', 12],
    ['-1,234.5', -1234.5],
    ['1,234,567', 1234567],
    ['1 234.5', 1234.5],
    ["1'234", 1234],
    ['.5', 0.5],
    ['5.', 5],
    ['+2e-3', 0.002],
    ['$1,200', 1200],
    ['12 %', 12],
    ['€ 7', 7],
  ])('reads %s with a point', (text, value) => expect(readNumber(text, 'point')).toEqual({ value }));

  it.each([
    ['1.234,5', 1234.5],
    ['12,5', 12.5],
    ['1 234,5', 1234.5],
    ['-0,25', -0.25],
  ])('reads %s with a comma', (text, value) => expect(readNumber(text, 'comma')).toEqual({ value }));

  it.each(['12,34.5', '1,2', 'abc', '1e', '--1', '.', '0x10', '1 23', 'Infinity'])('does not read %s', (text) => {
    expect(readNumber(text, 'point')).toEqual({ value: null, odd: 'is no number: taken as missing' });
  });

  it('says what it did with marks and with what is too large', () => {
    expect(readNumber('170.1*', 'point')).toEqual({ value: 170.1, odd: 'read as 170.1, without its mark' });
    expect(readNumber('170,1 †', 'comma')).toEqual({ value: 170.1, odd: 'read as 170.1, without its mark' });
    for (const huge of ['1e400', Infinity, -Infinity]) {
      expect(readNumber(huge, 'point')).toEqual({
        value: null,
        odd: 'is beyond what a number holds: taken as missing',
      });
    }
  });

  it.each([
    [['1.5', '2.5'], 'point'],
    [['1,5', '2,5'], 'comma'],
    [['1.234', '12,5'], 'comma'],
    [['1,234', '5,678'], 'point'],
    [['1.234,5', null, 'x'], 'comma'],
    [[1.5, true, null], 'point'],
  ] as const)('finds the format of %j', (cells, format) => expect(formatOf(cells)).toBe(format));
});

describe('readDate', () => {
  it.each([
    ['2024-01-31', '2024-01-31T00:00:00.000Z'],
    ['2024/1/5', '2024-01-05T00:00:00.000Z'],
    ['2024-02-29 23:59', '2024-02-29T23:59:00.000Z'],
    ['2024-01-31T12:30:15.5Z', '2024-01-31T12:30:15.000Z'],
    ['2024-01-31T12:30+02:00', '2024-01-31T10:30:00.000Z'],
    ['2024-01-31T12:30-0130', '2024-01-31T14:00:00.000Z'],
  ])('reads %s', (text, iso) => expect(new Date(readDate(text)!).toISOString()).toBe(iso));

  it.each(['2023-02-29', '2024-13-01', '2024-00-10', '31/1/2024', '2024-1', '20240131', '2024-01-31T25:00', ''])(
    'does not read %j',
    (text) => expect(readDate(text)).toBe(null),
  );
});
