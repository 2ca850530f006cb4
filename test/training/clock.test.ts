/** A clock says when others have their turn, and nothing more: one that throws or stands still does no harm. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createNetwork, dense } from '../../src/index.js';
import { now } from '../../src/support/clock.js';
import { Patience } from '../../src/threads/patience.js';
import { turn } from '../../src/support/event-loop.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const refuse = (): never => {
  throw new TypeError('there is no time here');
};

/** The realm's clocks: what they do, and what the library makes of them. */
const CLOCKS: [name: string, performanceNow: () => number, dateNow: () => number][] = [
  ['throws', refuse, refuse],
  ['stands still', () => 5, () => 5],
  ['is no number', () => NaN, () => NaN],
  ['stands still, the other throws', refuse, () => 1e12],
];

const [rows, inputs] = [2048, 64];
const x = Float32Array.from({ length: rows * inputs }, (_, i) => (i % 17) / 17 - 0.5);
const y = Float32Array.from({ length: rows }, (_, i) => i % 3);

async function trained(): Promise<{ losses: number[]; turns: number; saved: Uint8Array }> {
  const net = await createNetwork({ inputs, layers: [dense(64, 'tanh'), dense(1)], seed: 3 });
  const state = { over: false };
  const training = net.fit(x, y, { epochs: 60, batchSize: 16, validation: [x, y] });
  training.finally(() => (state.over = true)).catch(() => undefined);
  let turns = 0;
  for (; !state.over; turns++) await turn();
  const losses = (await training).map(({ loss }) => loss);
  const saved = net.save();
  net.dispose();
  return { losses, turns, saved };
}

describe.each(CLOCKS)('a clock that %s', (_, performanceNow, dateNow) => {
  it('does not change what is learnt, nor keep others from their turns', async () => {
    const { losses, saved } = await trained();
    vi.spyOn(performance, 'now').mockImplementation(performanceNow);
    vi.spyOn(Date, 'now').mockImplementation(dateNow);
    const found = await trained();
    expect(found.losses).toEqual(losses);
    expect(found.saved).toEqual(saved);
    expect(found.turns).toBeGreaterThan(4);
    expect(Number.isFinite(now())).toBe(true);
    vi.restoreAllMocks();
  });

  it('does not keep anybody waiting for ever', () => {
    vi.spyOn(performance, 'now').mockImplementation(performanceNow);
    vi.spyOn(Date, 'now').mockImplementation(dateNow);
    const patience = new Patience(0.01);
    let looks = 0;
    while (!patience.isOver) looks++;
    expect(looks).toBeGreaterThan(1000);
    vi.restoreAllMocks();
  });
});

describe('patience', () => {
  it('counts the time that it looked at, and no more', () => {
    let time = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => time);
    const patience = new Patience(100);
    time += 1e6;
    expect(patience.isOver).toBe(false);
    for (let i = 0; i < 8; i++) {
      time += 10;
      expect(patience.isOver).toBe(false);
    }
    time += 10;
    expect(patience.isOver).toBe(true);
  });
});
