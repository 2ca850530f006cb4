/** Which number of threads a network works with: found by trials, at the times of a clock that is the test's own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from '../../src/threads/pace.js';

const FLOPS = 1e6;
let time = 0;

beforeEach(() => {
  time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => time);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is chosen for some calls, each of which takes `took[threads]` milliseconds. */
function chosen(pace: Pace, calls: number, took: Record<number, number>): number[] {
  return Array.from({ length: calls }, () => {
    const threads = pace.choose();
    pace.learn(threads, FLOPS, took[threads]);
    return threads;
  });
}

it('begins with all threads, tries fewer, and stays with the fastest', () => {
  expect(chosen(new Pace(4), 8, { 1: 20, 2: 5, 4: 10 })).toEqual([4, 2, 1, 4, 2, 2, 2, 2]);
  expect(chosen(new Pace(4), 5, { 1: 40, 2: 20, 4: 10 })).toEqual([4, 2, 4, 4, 4]);
  expect(chosen(new Pace(6), 7, { 1: 1, 2: 2, 4: 4, 6: 8 })).toEqual([6, 4, 2, 1, 1, 1, 1]);
});

it('tries another number again when what the last trial lost is paid back', () => {
  const pace = new Pace(4);
  const took = { 1: 20, 2: 5, 4: 10 };
  chosen(pace, 4, took);
  // the trial of 4 lost 5 ms, that of 1 lost 15
  for (const [at, next] of [
    [299, 2],
    [300, 4],
    [599, 2],
    [600, 4],
    [899, 2],
    [900, 1],
  ]) {
    time = at;
    expect(chosen(pace, 1, took), `at ${at} ms`).toEqual([next]);
  }
});

it('turns to another number when that has become faster', () => {
  const pace = new Pace(2);
  expect(chosen(pace, 3, { 1: 20, 2: 10 })).toEqual([2, 1, 2]);
  time = 1e6;
  expect(chosen(pace, 3, { 1: 1, 2: 10 })).toEqual([1, 2, 1]);
});

it('learns nothing of a call that the clock did not see', () => {
  const pace = new Pace(4);
  expect(chosen(pace, 3, { 4: 0 })).toEqual([4, 4, 4]);
});
