import { expect, test } from 'vitest';
import { measureCircumstances, renderCircumstances } from '../../bench/circumstances.js';

test('optimizers, data beyond the caches, many networks and long trained ones are measured', async () => {
  const found = await measureCircumstances(0.01, 2600, 100);
  expect(found.map(({ names }) => names.length)).toEqual([6, 2, 2, 2, 2, 2, 2]);
  for (const { rates } of found) for (const { median } of rates) expect(median).toBeGreaterThan(0);
  const text = renderCircumstances(found);
  for (const name of [
    'Adam',
    '2 MB of bytes, shuffled',
    'a trainBatch for each example',
    '256 networks by turns',
    'after 100 steps',
    'converged',
  ])
    expect(text).toContain(name);
});
