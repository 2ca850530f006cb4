/** Loading, nothing yet, failed: one state that every part of the page follows. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { describePage, fingerprintOf } from './page.js';

/** Nothing of a network is left to see or to train. */
async function expectNoNetwork(page: Page): Promise<void> {
  for (const name of ['Start over', 'Play', 'One step', 'One epoch', 'Model file']) {
    expect(await page.getByRole('button', { name, exact: true }).isDisabled(), name).toBe(true);
  }
  expect(await page.locator('.neuron').count()).toBe(0);
  expect(await page.locator('.surface canvas').evaluateAll((canvases) => canvases.map(inkOf))).toEqual([0, 0]);
  expect(await page.locator('[data-fingerprint]').textContent()).toBe('–');
}

/** How many pixels are not blank. Runs in the page, where `evaluateAll` finds it. */
declare function inkOf(canvas: Element): number;

async function giveInkOf(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(globalThis, {
      inkOf: (canvas: HTMLCanvasElement): number => {
        const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
        return image ? new Uint32Array(image.data.buffer).filter((pixel) => pixel !== 0).length : 0;
      },
    });
  });
}

const status = (page: Page) => page.locator('[data-status]');

describePage('the state of the page', (open) => {
  it('while digits load there is no network, and then there is', async () => {
    const page = await open('#data=circle');
    await fingerprintOf(page);
    await giveInkOf(page);
    let deliver = (): void => undefined;
    const held = new Promise<void>((resolve) => (deliver = resolve));
    await page.route('**/digits.bin', async (route) => {
      await held;
      await route.continue();
    });
    await page.locator('input[value="digits"]').check({ force: true });
    await expect.poll(() => status(page).textContent()).toBe('The digits are loading.');
    await expectNoNetwork(page);
    deliver();
    await fingerprintOf(page);
    expect(await status(page).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Play' }).isDisabled()).toBe(false);
  });

  it('what failed to load says so, and is tried again', async () => {
    const page = await open('#data=circle');
    await fingerprintOf(page);
    await giveInkOf(page);
    await page.route('**/digits.bin', (route) => route.fulfill({ status: 200, body: 'no digits' }));
    await page.locator('input[value="digits"]').check({ force: true });
    await expect.poll(() => status(page).getAttribute('data-status')).toBe('failed');
    await expectNoNetwork(page);
    await page.unroute('**/digits.bin');
    await page.getByRole('button', { name: 'Retry' }).click();
    await fingerprintOf(page);
    expect(await status(page).count()).toBe(0);
  });

  it('"my file" opens the chooser, and what it needs is said until it is there', async () => {
    const page = await open('#data=circle');
    await fingerprintOf(page);
    await giveInkOf(page);
    const chooser = page.waitForEvent('filechooser');
    await page.getByText('my file').click();
    await expect.poll(() => status(page).textContent()).toContain('Choose a CSV file to learn from.');
    await expectNoNetwork(page);
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${i % 2}`);
    const file = { name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(['a,b', ...rows].join('\n')) };
    await (await chooser).setFiles(file);
    await fingerprintOf(page);
    expect(await status(page).count()).toBe(0);
  });
});
