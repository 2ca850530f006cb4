import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { encodeDelta } from '../../scripts/delta.js';
import { VARIANTS, wasmPath } from '../../scripts/kernels.js';
import { applyDelta } from '../../src/engine/delta.js';

test('the relaxed kernels come back from their patch on the plain ones, which is a fraction of them', async () => {
  const [plain, relaxed] = await Promise.all([readFile(wasmPath('plain')), readFile(wasmPath('relaxed'))]);
  const patch = encodeDelta(plain, relaxed);
  expect(Buffer.from(applyDelta(plain, patch)).equals(relaxed)).toBe(true);
  expect(patch.length).toBeLessThan(relaxed.length / 2);
});

test('the kernels for shared memory come back from theirs, which are smaller still', async () => {
  const [plain, relaxed, shared, relaxedShared] = await Promise.all(
    VARIANTS.map((variant) => readFile(wasmPath(variant))),
  );
  const patch = encodeDelta(plain, shared);
  expect(Buffer.from(applyDelta(plain, patch)).equals(shared)).toBe(true);
  const base = Buffer.concat([relaxed, shared]);
  const both = encodeDelta(base, relaxedShared);
  expect(Buffer.from(applyDelta(base, both)).equals(relaxedShared)).toBe(true);
  for (const { length } of [patch, both]) expect(length).toBeLessThan(plain.length / 8);
});

test('any binary comes back from its patch on any other', () => {
  const bytes = fc.array(fc.nat(3), { maxLength: 200 }).map((values) => Uint8Array.from(values));
  fc.assert(
    fc.property(bytes, bytes, (base, target) => {
      expect(applyDelta(base, encodeDelta(base, target))).toEqual(target);
    }),
    { seed: 1, numRuns: 300 },
  );
});
