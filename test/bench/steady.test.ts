import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rateOf, type Rate } from '../../bench/measure.js';
import { rateCells, untilSteady } from '../../bench/steady.js';

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const rate = (spread: number): Rate => ({ min: 1000, median: 2000, max: 3000, spread, calls: 4 });

/** What counts of measurements that spread so, and how many were made. */
async function measured(...spreads: number[]): Promise<[counts: number, made: number]> {
  let made = 0;
  const found = await untilSteady(
    'W1',
    () => Promise.resolve(rate(spreads[made++])),
    (each) => [each],
  );
  return [found.spread, made];
}

test('the spread is that of the middle half of the calls', () => {
  expect(rateOf(10, [10, 10, 11, 12, 40]).spread).toBeCloseTo((12 - 10) / 11, 12);
});

test('what is steady is measured once', async () => {
  expect(await measured(0.04)).toEqual([0.04, 1]);
});

test('what is unsteady is measured once more, and the steadier counts', async () => {
  expect(await measured(0.3, 0.05)).toEqual([0.05, 2]);
  expect(await measured(0.3, 0.4)).toEqual([0.3, 2]);
  expect(console.error).toHaveBeenCalledWith('W1: the middle half spreads over 30 %, so it is measured again');
});

test('a row says that it is unsteady', () => {
  expect(rateCells(rate(0.042))).toEqual(['2.00 k', '1.00 k – 3.00 k', '4 %']);
  expect(rateCells(rate(0.23))[2]).toBe('23 %, unsteady');
});
