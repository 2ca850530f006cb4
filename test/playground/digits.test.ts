/** The digits: a canvas to draw on, the confusion matrix, the worst mistakes. */
import { expect, it } from 'vitest';
import { control, describePage, testAccuracy, untilStep } from './page.js';

describePage('digits', (open) => {
  it('are learnt, and a drawing is recognised', async () => {
    const page = await open('#data=digits&steps=500');
    await untilStep(page, 500);
    await expect.poll(() => testAccuracy(page)).toBeGreaterThan(0.85);
    const cells = await page.locator('.confusion tbody td').allTextContents();
    expect(cells.map(Number).reduce((a, b) => a + b)).toBe(500);

    // a one: a stroke from the top down
    const box = await page.locator('.pad').boundingBox();
    const at = (x: number, y: number): [number, number] => [box!.x + x * box!.width, box!.y + y * box!.height];
    await page.mouse.move(...at(0.52, 0.15));
    await page.mouse.down();
    for (let y = 0.2; y <= 0.85; y += 0.05) await page.mouse.move(...at(0.5, y));
    await page.mouse.up();
    await expect.poll(() => page.locator('.guesses .best b').textContent()).toBe('1');

    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => page.locator('.guesses .best').count()).toBe(0);
    await page.getByRole('button', { name: 'Show a held-out digit' }).click();
    await expect.poll(() => page.locator('.guesses .best').count()).toBe(1);
  });

  it('shows the weights of the first layer as pictures', async () => {
    const page = await open('#data=digits&steps=50');
    await untilStep(page, 50);
    const pictures = page.locator('.weight-pictures canvas');
    await expect.poll(() => pictures.count()).toBe(12);
    const drawn = () =>
      pictures.evaluateAll((all) => {
        const canvases = all as HTMLCanvasElement[];
        return [new Set(canvases.map((canvas) => canvas.toDataURL())).size, canvases[0].width, canvases[0].height];
      });
    await expect.poll(drawn).toEqual([12, 28, 28]);
    await page.getByRole('button', { name: 'Weights into neuron 5' }).click();
    await expect.poll(() => page.url()).toContain('weight=0-4-');
  });

  it('shows the worst mistakes, and the chain rule of one', async () => {
    const page = await open('#data=digits&steps=100&weight=0-0-0');
    await untilStep(page, 100);
    const mistake = page.locator('.mistakes button').first();
    await mistake.waitFor();
    expect(await mistake.textContent()).toMatch(/\d taken for \d/);
    await mistake.click();
    await expect.poll(async () => Number(await control(page, 'Example').inputValue())).toBeGreaterThan(2000);
    await expect.poll(() => page.locator('[data-members]').textContent()).toMatch(/784 inputs; y = \d; held out/);
    await control(page, 'row').fill('14');
    await expect.poll(() => page.url()).toMatch(/weight=0-0-364/);
  });

  it('shows the chain rule of the drawing, down to the pixel under the pen', async () => {
    const page = await open('#data=digits&steps=100&weight=0-2-0');
    await untilStep(page, 100);
    const members = page.locator('[data-members]');
    await expect.poll(() => members.textContent()).toMatch(/y = \d; to learn from/);
    const input = page.locator('[data-part="input"] b');
    const valueOfInput = async () => Number(await input.getAttribute('data-value'));
    expect(await valueOfInput()).toBe(0);
    const own = page.getByRole('button', { name: 'Your drawing' });
    expect(await own.count()).toBe(0);

    const draw = async (...points: [number, number][]) => {
      const box = (await page.locator('.pad').boundingBox())!;
      const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
      await page.mouse.move(...at(points[0]));
      await page.mouse.down();
      for (const point of points) await page.mouse.move(...at(point));
      await page.mouse.up();
    };
    await draw([0.5, 0.2], [0.5, 0.4], [0.5, 0.6], [0.5, 0.8]);
    await expect.poll(() => members.textContent()).toMatch(/784 inputs; y = \d; drawn by you/);
    expect(await own.getAttribute('aria-pressed')).toBe('true');
    // the pen stopped at the lower end of the stroke, which lies in the middle of the picture
    const [row, column] = [control(page, 'row'), control(page, 'column')];
    await expect.poll(async () => Number(await row.inputValue())).toBeGreaterThan(20);
    await expect.poll(async () => Math.abs(Number(await column.inputValue()) - 14.5)).toBeLessThan(2);
    await expect.poll(valueOfInput).toBeGreaterThan(0.5);
    const pixel = await row.inputValue();
    // another stroke, another pixel
    await draw([0.5, 0.3], [0.4, 0.25]);
    await expect.poll(async () => Number(await row.inputValue())).toBeLessThan(Number(pixel));
    await expect.poll(valueOfInput).toBeGreaterThan(0.5);

    // the cost falls to what the drawing is meant to be: another class, another derivative
    const derivative = page.locator('[data-derivative]');
    const meant = control(page, 'is meant to be');
    const before = await derivative.getAttribute('data-derivative');
    const said = /y = (\d)/.exec((await members.textContent())!)![1];
    const other = said === '8' ? '3' : '8';
    await meant.selectOption({ label: other });
    await expect.poll(() => members.textContent()).toContain(`y = ${other}; drawn by you`);
    await expect.poll(() => derivative.getAttribute('data-derivative')).not.toBe(before);

    // the numbered examples are a click away, and so is the drawing; without one there is nothing to choose
    await own.click();
    await expect.poll(() => members.textContent()).toContain('to learn from');
    await own.click();
    await expect.poll(() => members.textContent()).toContain('drawn by you');
    await control(page, 'Example').fill('3');
    await expect.poll(() => members.textContent()).not.toContain('drawn by you');
    await own.click();
    await expect.poll(() => members.textContent()).toContain('drawn by you');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => members.textContent()).not.toContain('drawn by you');
    expect(await own.count()).toBe(0);
  });
});
