/** Heat maps, points and colours: fine enough, visible on every ground, and each with one meaning. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { control, describePage, fingerprintOf } from './page.js';

/** How many pixels of the points' canvas have a colour, red, green and blue. */
function pixelsOf(page: Page, ...colour: number[]): Promise<number> {
  return page.locator('.points').evaluate((element, [red, green, blue]) => {
    const canvas = element as HTMLCanvasElement;
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      count += Number(data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255);
    }
    return count;
  }, colour);
}

const mapOf = (page: Page) =>
  page
    .locator('.surface canvas')
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      return { side: canvas.width, picture: canvas.toDataURL() };
    });

describePage('pictures', (open) => {
  it('the maps of the output and of a neuron have at least 100 × 100 points', async () => {
    const page = await open('#data=spiral&steps=300&layers=6-tanh.4-tanh');
    await fingerprintOf(page);
    const output = await mapOf(page);
    expect(output.side).toBeGreaterThanOrEqual(100);
    await page.getByRole('button', { name: 'neuron 2 of layer 1' }).focus();
    await page.getByText('neuron 2 of layer 1', { exact: true }).waitFor();
    await expect.poll(async () => (await mapOf(page)).side).toBe(output.side);
    expect((await mapOf(page)).picture).not.toBe(output.picture);
  });

  it.each(['light', 'dark'] as const)(
    'points have a dark edge, and those held out another shape: %s',
    async (colorScheme) => {
      const page = await open('#data=xor', { colorScheme });
      await fingerprintOf(page);
      expect(await pixelsOf(page, 16, 20, 24)).toBeGreaterThan(1000);
      const points = page.locator('.points');
      const picture = () => points.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
      const all = await picture();
      await control(page, 'show held-out').uncheck();
      await expect.poll(picture).not.toBe(all);
      expect(await page.locator('.shapes i').count()).toBe(2);
    },
  );

  it.each(['light', 'dark'] as const)('each colour means one thing: %s', async (colorScheme) => {
    const page = await open('', { colorScheme });
    const names = ['positive', 'negative', 'accent', 'train', 'test', 'alarm'];
    const colours = await page.evaluate((all) => {
      const style = getComputedStyle(document.documentElement);
      return all.map((name) => style.getPropertyValue(`--${name}`).trim());
    }, names);
    expect(new Set(colours).size).toBe(names.length);
    const [curve] = await page
      .locator('.curve i.test')
      .evaluateAll((keys) => keys.map((key) => getComputedStyle(key).color));
    const [number] = await page
      .locator('.numbers tr.test th')
      .evaluateAll((rows) => rows.map((row) => getComputedStyle(row).color));
    expect(curve).toBe(number);
  });
});
