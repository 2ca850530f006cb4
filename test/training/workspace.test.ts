/** The rows of a pass: as many as fit into the memory that a pass may take, and more than those go in several passes. */
import { afterAll, expect, it, vi } from 'vitest';
import { createNetwork, dense, type Network } from '../../src/index.js';
import { NETWORK } from '../../src/engine/records.generated.js';
import { readField } from '../../src/engine/records.js';
import { Model } from '../../src/model/model.js';

/** Most rows of a pass, and the most bytes that they may take. */
const MOST_ROWS = 256;
const MOST_ROW_BYTES = 0x8000000;

const prepare = vi.spyOn(Model.prototype, 'prepare');

afterAll(() => {
  prepare.mockRestore();
});

const make = (width: number): Promise<Network> =>
  createNetwork({ inputs: 1, layers: [dense(width, 'tanh'), dense(1)], seed: 2 });

/** The model behind the network that worked last, and the rows that its passes have room for. */
function worked(): { model: Model; rows: number } {
  const model = prepare.mock.contexts.at(-1) as Model;
  return { model, rows: readField(model.engine, NETWORK, model.at, 'rowsPerPass') };
}

const count = MOST_ROWS + 50;
const x = Float32Array.from({ length: count }, (_, i) => Math.cos(i));
const y = Float32Array.from({ length: count }, (_, i) => Math.sin(i));

it('a pass has 256 rows of a network that is not wide', async () => {
  const net = await make(8);
  net.evaluate(x, y);
  expect(worked().rows).toBe(MOST_ROWS);
  expect(worked().model.workspace.mostRows).toBe(MOST_ROWS);
  net.dispose();
});

it('a pass of a wide network has fewer, whose memory is bounded, and the sums are of all rows', async () => {
  const width = 60_000;
  const net = await make(width);
  const asked: Record<string, () => unknown> = {
    evaluate: () => net.evaluate(x, y),
    predict: () => net.predict(x),
    gradients: () => net.gradients(x, y),
    trainBatch: () => net.trainBatch(x, y),
  };
  for (const [name, ask] of Object.entries(asked)) {
    ask();
    const { model, rows } = worked();
    expect(rows, name).toBe(model.workspace.mostRows);
    expect(model.engine.workspace.bytes, name).toBeLessThan(1.01 * MOST_ROW_BYTES);
    // z, a and dC/dz of the wide layer are most of what a row takes
    const most = rows * 3 * 4 * width;
    expect(most, name).toBeGreaterThan(0.5 * MOST_ROW_BYTES);
    expect(most, name).toBeLessThan(MOST_ROW_BYTES);
  }
  const measured = net.evaluate(x, y).loss;
  const predicted = net.predict(x);
  const squares = predicted.map((a, i) => (a - y[i]) ** 2);
  expect(measured).toBeCloseTo(squares.reduce((sum, each) => sum + each, 0) / count, 4);
  net.dispose();
});
