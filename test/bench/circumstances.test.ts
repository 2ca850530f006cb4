import { expect, test } from 'vitest';
import { measureCircumstances, renderCircumstances } from '../../bench/circumstances.js';

test('optimizers, data beyond the caches and many networks are measured', async () => {
  const found = await measureCircumstances(0.01, 2600);
  expect(found.map(({ names }) => names.length)).toEqual([6, 2, 2, 2]);
  for (const { rates } of found) for (const { median } of rates) expect(median).toBeGreaterThan(0);
  const text = renderCircumstances(found);
  for (const name of ['Adam', '2 MB of bytes, shuffled', '256 networks by turns']) expect(text).toContain(name);
});
