/** How long work is divided: by what is learnt of the kernels' speed, and by a clock that is the test's own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Slices } from '../../src/training/slices.js';

/** What one call should take, and how long the event loop may wait, in milliseconds. */
const [CALL, TURN] = [3, 7];
/** Flops per millisecond of the slowest engine. */
const SLOW = 2e5;

let time = 0;

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => time);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Calls of the whole budget, by kernels of so many flops per millisecond. */
function work(slices: Slices, speed: number, calls = 40): void {
  for (let call = 0; call < calls; call++) slices.learn(slices.budget, slices.budget / speed);
}

it('a call is given what the kernels do in the time that it should take', () => {
  const slices = new Slices();
  expect(slices.budget).toBe(SLOW * CALL);
  for (const speed of [4e6, 5e7, 1e6]) {
    work(slices, speed);
    expect(slices.budget / (speed * CALL)).toBeCloseTo(1, 6);
    expect(new Slices().budget).toBe(slices.budget);
  }
});

it('one slow call halves it at most, and none brings it below that of the slowest engine', () => {
  const slices = new Slices();
  work(slices, 4e6);
  const { budget } = slices;
  slices.learn(budget, 1e9);
  expect(slices.budget / budget).toBeCloseTo(0.5, 6);
  work(slices, 1);
  expect(slices.budget).toBe(SLOW * CALL);
});

it('a clock too coarse to see a call of the whole budget asks for more, and of a short call says nothing', () => {
  const slices = new Slices();
  work(slices, SLOW);
  const { budget } = slices;
  slices.learn(budget / 4, 0.01);
  expect(slices.budget).toBe(budget);
  slices.learn(budget, 0.01);
  expect(slices.budget).toBe(1.5 * budget);
});

it('others have a turn when they have waited, or when the clock stands still over as much work', async () => {
  const slices = new Slices();
  time += TURN;
  expect(slices.due).toBe(false);
  time += 0.5;
  expect(slices.due).toBe(true);
  await slices.pause();
  expect(slices.due).toBe(false);
  for (let call = 0; call < 3; call++) slices.learn(slices.budget, 0);
  expect(slices.due).toBe(true);
  await slices.pause();
  expect(slices.due).toBe(false);
});
