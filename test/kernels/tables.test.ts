/** The tables of `src/choices` beside the kernels' own. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ACTIVATIONS, activationEntry, type ActivationName } from '../../src/choices/activations.js';
import { lossEntry, LOSSES, type LossName } from '../../src/choices/losses.js';
import { OPTIMIZERS } from '../../src/choices/optimizers.js';
import { writeRecord } from '../../src/engine/records.js';
import { LAYER, OPTIMIZER } from '../../src/engine/records.generated.js';
import { createNetwork, dense } from '../../src/index.js';
import { Model } from '../../src/model/model.js';
import { layerAt } from '../../src/model/records.js';
import { ACTIVATIONS as FORMULAS } from '../reference/activations.js';
import { type Kernels, loadKernels, VARIANTS } from './harness.js';

const activations = Object.keys(ACTIVATIONS) as ActivationName[];
const losses = (Object.keys(LOSSES) as LossName[]).map(lossEntry);

it('no two entries have one code', () => {
  const lossCodes = losses.flatMap(({ code, fused }) => (fused === undefined ? [code] : [code, fused]));
  for (const codes of [Object.values(ACTIVATIONS), Object.values(OPTIMIZERS)].map((table) =>
    table.map((e) => e.code),
  )) {
    expect(new Set(codes).size).toBe(codes.length);
  }
  expect(new Set(lossCodes).size).toBe(lossCodes.length);
});

it('an activation is the default of one loss at most, and every fused pair has a slope for explain', () => {
  const suited = losses.flatMap(({ suits }) => suits ?? []);
  expect(new Set(suited).size).toBe(suited.length);
  for (const { fused, suits, slope } of losses) expect([suits, slope].includes(undefined)).toBe(fused === undefined);
});

it('the bounded activations are those with values within +-1', () => {
  for (const name of activations.filter((each) => !activationEntry(each).rowwise)) {
    const { value } = FORMULAS[name as keyof typeof FORMULAS];
    const { parameter = 0, bounded = false } = activationEntry(name);
    const isBounded = [-1e3, -20, -3, 3, 20, 1e3].every((z) => Math.abs(value(z, parameter)) <= 1);
    expect([name, bounded]).toEqual([name, isBounded]);
  }
});

describe.each(VARIANTS)('%s', (variant) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await loadKernels(variant);
  });

  it('a code that no entry has traps', () => {
    const [x, d] = [kernels.f32(8, { slack: 8 }), kernels.f32(8, { slack: 8 })];
    const unknown = [-1, 99, ...Object.values(ACTIVATIONS).flatMap(({ code, ...e }) => ('rowwise' in e ? [code] : []))];
    for (const code of unknown) {
      expect(() => kernels.call('activate', code, x, x, 8, 0, 0)).toThrow(WebAssembly.RuntimeError);
      expect(() => kernels.call('activateBackward', code, x, x, d, 8, 0)).toThrow(WebAssembly.RuntimeError);
    }
    for (const code of [-1, 99]) {
      expect(() => kernels.call('loss', code, x, x, x, 0, d, 1, 8, 8, 0, 1, 0)).toThrow(WebAssembly.RuntimeError);
    }
  });
});

it.each(['optimizer', 'layer'])('a code that no kind of %s has traps', async (what) => {
  const prepare = vi.spyOn(Model.prototype, 'prepare');
  for (const kind of [-1, 99]) {
    const net = await createNetwork({ inputs: 2, layers: [dense(3)] });
    const step = (): void => void net.trainBatch([1, 2], [1, 2, 3]);
    step();
    const { engine, at, optimizerAt } = prepare.mock.contexts.at(-1) as Model;
    if (what === 'layer') writeRecord(engine, LAYER, layerAt(at, 0), { kind });
    else writeRecord(engine, OPTIMIZER, optimizerAt, { kind });
    expect(step).toThrow(WebAssembly.RuntimeError);
    net.dispose();
  }
  prepare.mockRestore();
});
