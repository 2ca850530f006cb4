/**
 * The event loop has its turns while a network trains. The clock is the test's own, and so is the speed that the
 * kernels seem to have: nothing here depends on how fast or busy the machine is.
 */
import { afterEach, expect, it, vi } from 'vitest';
import { createNetwork, dense, type NetworkOptions } from '../../src/index.js';
import { turn } from '../../src/support/event-loop.js';
import { Slices } from '../../src/training/slices.js';

/** Each look at the clock finds it so many milliseconds later: a call's budget is then done in as long as it should be. */
const LOOK = 3;

/** What may be computed between two turns: 20 ms of the speed that every engine has at the least, 2e5 flops per ms. */
const MOST_FLOPS = 20 * 2e5;

afterEach(() => {
  vi.restoreAllMocks();
});

it.each<[name: string, options: NetworkOptions, examples: number, batchSize: number]>([
  ['2-8-1, one by one', { inputs: 2, layers: [dense(8, 'tanh'), dense(1)] }, 20_000, 1],
  ['784-300-10', { inputs: 784, layers: [dense(300, 'relu'), dense(10)] }, 320, 32],
  ['1024-1024-1024-64', { inputs: 1024, layers: [dense(1024, 'relu'), dense(1024), dense(64)] }, 128, 64],
])('the event loop turns in every epoch of a network of %s', async (_, options, examples, batchSize) => {
  const net = await createNetwork({ seed: 7, ...options });
  const [x, y] = [new Float32Array(examples * net.inputs).fill(0.1), new Float32Array(examples * net.outputs)];
  const parameters = Object.values(net.getParameters()).reduce((sum, { data }) => sum + data.length, 0);
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (time += LOOK));
  const learn = vi.spyOn(Slices.prototype, 'learn');
  /** The flops of the calls since the last turn, and of all calls before. */
  const take = (): number => learn.mock.calls.splice(0).reduce((sum, [flops]) => sum + flops, 0);
  const heart = startHeartbeat(take);
  for await (const { number } of net.epochs(x, y, { epochs: 3, batchSize, validation: [x, y] })) {
    const stretches = [...heart.stretches.splice(0), take()];
    const all = stretches.reduce((sum, flops) => sum + flops, 0);
    // the products of a step and of measuring are 6 flops for a weight and more; a call may do up to twice its budget
    expect(all, `epoch ${number}`).toBeGreaterThan(2 * examples * parameters);
    expect(Math.max(...stretches), `epoch ${number}`).toBeLessThan(MOST_FLOPS);
  }
  heart.stop();
  net.dispose();
});

/** Calls `take` at every turn of the event loop, and keeps what it gave. */
function startHeartbeat(take: () => number): { stretches: number[]; stop: () => void } {
  const stretches: number[] = [];
  let beating = true;
  const beat = async (): Promise<void> => {
    while (beating) {
      await turn();
      stretches.push(take());
    }
  };
  void beat();
  return { stretches, stop: () => void (beating = false) };
}
