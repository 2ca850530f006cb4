/**
 * Products of an int8 layer of 784 inputs and 512 outputs, by each build that this engine can compile, in turns: how many
 * a nanosecond, of one row and of a tile of four. `npm run build && npx tsx bench/experiments/int8.ts`
 */
import { readFile } from 'node:fs/promises';
import { INT8_VARIANTS, wasmPath } from '../../scripts/kernels.js';

type Kernels = Record<string, (...args: number[]) => number>;

const [INPUTS, OUTPUTS] = [784, 512];
/** Where the weights, the scales, biases and sums, what rows have, and z lie, in bytes; the rows lie at 0. */
const [WEIGHTS, COLUMNS, KEPT, Z] = [1, 9, 10, 11].map((page) => page * 0x10000);

const noop = (): void => undefined;

/** Calls that make all outputs, of one row and of four, and how many rows. */
function contestants(name: string, kernels: Kernels): [what: string, rows: number, run: () => void][] {
  const unit = kernels['unitInputs']();
  const units = INPUTS / unit;
  const each = (step: number, act: (panel: number) => void): void => {
    for (let panel = 0; panel < OUTPUTS / 8; panel += step) act(panel);
  };
  const one = (panel: number): void => {
    kernels['productRowFour'](0, units, WEIGHTS + panel * 8 * INPUTS, KEPT, COLUMNS, COLUMNS, COLUMNS, Z);
  };
  const four = (panel: number): void => {
    const strip = WEIGHTS + (panel - (panel % 4)) * 8 * INPUTS;
    const w = strip + (panel % 4) * 8 * unit;
    kernels['productTile4'](0, units, w, 32 * unit, KEPT, COLUMNS, COLUMNS, COLUMNS, Z, OUTPUTS, 4);
  };
  return [
    [`${name}, one row`, 1, () => each(4, one)],
    [`${name}, four rows`, 4, () => each(1, four)],
  ];
}

const all: ReturnType<typeof contestants> = [];
for (const variant of INT8_VARIANTS) {
  const binary = await readFile(wasmPath(variant));
  if (!WebAssembly.validate(binary)) continue;
  const memory = new WebAssembly.Memory({ initial: 12 });
  const env = { memory, runBatchPhase: noop, activate: noop, softmax: noop };
  const { instance } = await WebAssembly.instantiate(binary, { env });
  all.push(...contestants(variant, instance.exports as Kernels));
}
const CALLS = 100;
const fastest = all.map(() => Infinity);
for (let round = 0; round < 30; round++) {
  all.forEach(([, , run], index) => {
    const began = performance.now();
    for (let call = 0; call < CALLS; call++) run();
    fastest[index] = Math.min(fastest[index], (performance.now() - began) / CALLS);
  });
}
all.forEach(([what, rows], index) => {
  const products = (rows * INPUTS * OUTPUTS) / (fastest[index] * 1e6);
  console.log(`${what.padEnd(28)} ${products.toFixed(1)} products a nanosecond`);
});
