import { expect, test } from 'vitest';
import { measureInference, renderInference } from '../../bench/inference.js';
import type { Rate } from '../../bench/measure.js';
import { renderStart } from '../../bench/start.js';

test('predictions are measured one at a time and in batches', async () => {
  const results = await measureInference(0.01);
  expect(results.map(({ batchSize }) => batchSize)).toEqual([1, 1, 256]);
  for (const { chainrule, int8, pure } of results) {
    expect(Math.min(chainrule.median, int8.median, pure.median)).toBeGreaterThan(0);
  }
});

test('a table gives the time of a call and the ratio', () => {
  const rate = (median: number): Rate => ({ min: median, median, max: median, spread: 0, calls: 1 });
  const text = renderInference([
    { title: '2-3', batchSize: 4, chainrule: rate(2e6), int8: rate(5e6), pure: rate(5e5) },
  ]);
  expect(text).toMatch(
    /\| +2-3 \| +4 \| +2\.00 \| +2\.00 M \| 2\.00 M – 2\.00 M \| +0\.0 % \| +5\.00 M \| +2\.50 \| +500 k \| +4\.00 \|/,
  );
});

test('the start is what is left after a bare Node', () => {
  expect(renderStart({ bare: [40, 50, 45], trained: [70, 80, 72] })).toContain('27.0 ms beyond');
});
