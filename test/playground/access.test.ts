/** Usable by everybody: axe finds no serious fault, on every kind of page and in both themes. */
import axe from 'axe-core';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { describePage, fingerprintOf, stepsOf } from './page.js';

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

describePage('accessibility', (open) => {
  it.each([
    ['light', '#data=xor&steps=30'],
    ['dark', '#data=spiral&steps=30'],
    ['light', '#data=digits&steps=30'],
    ['dark', '#data=digits&steps=30'],
    ['light', '#data=csv&file=mine.csv'],
    ['light', '#data=xor&steps=30&lesson=7'],
    ['dark', '#data=xor&steps=30&scope=all&lesson=9'],
  ] as const)('axe finds no serious fault: %s %s', async (colorScheme, hash) => {
    const page = await open(hash, { colorScheme });
    if (!hash.includes('csv')) await fingerprintOf(page);
    expect(await faults(page)).toEqual([]);
  });

  it('axe finds no serious fault on a phone, and nothing is wider than it', async () => {
    const page = await open('#data=moons&steps=30', { viewport: { width: 360, height: 740 } });
    await fingerprintOf(page);
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  it('the keyboard reaches play, and trains', async () => {
    const page = await open('#data=xor');
    await fingerprintOf(page);
    for (let tabs = 0; tabs < 6; tabs++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement?.textContent?.trim() === 'Play')) break;
    }
    await page.keyboard.press('Space');
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(0);
  });
});
