import { expect, test } from 'vitest';
import { ratioSpread, renderComparison } from '../../bench/comparison.js';
import { resolveCommit } from '../../bench/revision.js';

/** Five rounds on a machine that slowed down between them: only the ratios of a round mean something. */
const pairs = [1, 2, 4, 0.5, 8].map((speed, i) => ({
  here: 1000 * speed * [1.1, 1.2, 1.3, 1.4, 1][i],
  there: 1000 * speed,
}));

test('the ratios are those of the same round', () => {
  const { min, lower, median, upper, max } = ratioSpread(pairs);
  const rounded = [min, lower, median, upper, max].map((ratio) => Number(ratio.toFixed(9)));
  expect(rounded).toEqual([1, 1.1, 1.2, 1.3, 1.4]);
});

test('a table names the revision, the workload and the ratio with its spread', () => {
  const text = renderComparison('abc "Faster"', [{ workload: 'W2', numerics: 'fused', pairs }]);
  expect(text).toContain('There: abc "Faster".');
  expect(text).toMatch(
    /\| W2 +\| fused +\| 2\.40 k +\| 2\.00 k +\| +1\.200 \| 1\.100 – 1\.300 \| 1\.000 – 1\.400 \| +5 \|/,
  );
});

test('an unknown revision is refused by its name', async () => {
  await expect(resolveCommit('no-such-branch')).rejects.toThrow('git knows no revision "no-such-branch"');
});
