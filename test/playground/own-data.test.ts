/** One's own CSV file: dropped, chosen, or refused. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import type { Scaling } from '../../examples/playground/src/data/scaling.js';
import { control, describePage, fingerprintOf, playUntil, untilStep } from './page.js';

/** Three kinds of flowers in a spreadsheet, 120 rows; each kind has its own size. */
function flowers(): string {
  const kinds = ['setosa', 'versicolor', 'virginica'];
  const rows = Array.from({ length: 120 }, (_, i) => {
    const kind = i % 3;
    const wobble = ((i * 37) % 17) / 20;
    return [1.4 + 1.6 * kind + wobble, 3 - kind + ((i * 53) % 13) / 15, i % 2 ? 'shade' : 'sun', kinds[kind]].join(';');
  });
  return ['petal length;petal width;place;species', ...rows].join('\n');
}

async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], file, { type: 'text/csv' }));
      return data;
    },
    [name, text] as const,
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

describePage('a file of one’s own', (open) => {
  it('is recognised when it is dropped, and learnt', async () => {
    const page = await open('');
    await fingerprintOf(page);
    await drop(page, 'flowers.csv', flowers());
    await page.getByText('flowers.csv: 120 rows').waitFor();
    expect(await control(page, 'Learn').inputValue()).toBe('species');
    expect(await page.locator('.columns').textContent()).toContain('place2 categories');
    await page.getByText('3 – 8 – 3').waitFor();
    await playUntil(page, 0.95);
    await page.getByText('The worst mistakes').waitFor();
  });

  it('takes another target and leaves columns out', async () => {
    const page = await open('');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'flowers.csv', mimeType: 'text/csv', buffer: Buffer.from(flowers()) });
    await control(page, 'Learn').selectOption('petal width');
    await page.getByText('5 – 8 – 1').waitFor();
    expect(await control(page, 'Loss').inputValue()).toBe('mse');
    await page.getByRole('checkbox', { name: /species/ }).uncheck();
    await page.getByText('2 – 8 – 1').waitFor();
    await page.getByRole('button', { name: 'One step' }).click();
    await untilStep(page, 1);
  });

  it.each([
    ['one.csv', 'a\n1\n2', 'one.csv has one column'],
    ['ragged.csv', `a,b\n${'1,2\n'.repeat(12)}3\n`, 'ragged.csv, row 14 has 1 values: expected 2'],
    ['quote.csv', `a,b\n${'1,2\n'.repeat(12)}"x,3\n`, 'quotation mark is never closed'],
    ['numbers.csv', '1,2\n3,4\n', 'holds numbers: expected the names of the columns'],
    ['short.csv', 'a,b\n1,2\n', 'has 1 rows without a missing value: expected at least 10'],
    ['picture.png', '\u0089PNG\0\0', 'picture.png is no text'],
  ])('refuses %s with a reason, and goes on', async (name, text, reason) => {
    const page = await open('#data=xor');
    const before = await fingerprintOf(page);
    await drop(page, name, text);
    await expect.poll(() => page.locator('.csv .notice').textContent()).toContain(reason);
    await page.getByRole('button', { name: 'One step' }).click();
    await untilStep(page, 1);
    expect(await fingerprintOf(page)).not.toBe(before);
  });

  it('has decimal commas, a bad cell and a target in its own unit, and predicts a row of one’s own', async () => {
    const page = await open('');
    await fingerprintOf(page);
    const rows = Array.from({ length: 60 }, (_, i) => `${i},5;${i === 20 ? 'lots' : 1000 + 20 * i};${i % 3}`);
    await drop(page, 'prices.csv', ['size;price;rooms', ...rows].join('\n'));
    await page.getByText('Row 22, "price": "lots" is no number. The row is left out.').waitFor();
    await page.getByText('prices.csv: 59 rows').waitFor();
    await page.getByText('Numbers are read with a comma').waitFor();
    await control(page, 'as').selectOption('classes');
    await page.getByText('2 – 8 – 3').waitFor();
    expect(await control(page, 'Loss').inputValue()).toBe('crossEntropy');
    await control(page, 'as').selectOption('numbers');
    await control(page, 'Learn').selectOption('price');
    await page.getByText('2 – 8 – 1').waitFor();
    // a target of the file, and what became of it for the network
    const members = page.locator('[data-members]');
    // of the price, which is four digits: until it is learnt, the number of rooms stands there
    const shown = /; y = (\d,\d{3}), (−?[\d.]+) to the network; to learn from\.$/;
    await expect.poll(() => members.textContent()).toMatch(shown);
    const [, own, standard] = shown.exec((await members.textContent())!)!;
    expect((Number(own.replaceAll(',', '')) - 1000) % 20).toBe(0);
    expect(Math.abs(Number(standard.replace('−', '-')))).toBeLessThan(3);
    await control(page, 'Speed').selectOption('full speed');
    await page.getByRole('button', { name: 'Play' }).click();
    const error = page.locator('[data-number="test-error"]');
    await expect.poll(async () => Number((await error.textContent())?.replaceAll(',', ''))).toBeLessThan(60);
    await page.getByRole('spinbutton', { name: 'size', exact: true }).fill('30.5');
    const prediction = page.locator('[data-prediction]');
    const predicted = async () => Number((await prediction.textContent())?.replace('price: ', '').replaceAll(',', ''));
    await expect.poll(async () => Math.abs((await predicted()) - 1600)).toBeLessThan(150);
    // it follows a change of the network
    await page.getByRole('button', { name: 'Layer 1: one neuron more' }).click();
    await expect.poll(() => prediction.textContent()).toMatch(/^price: /);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Training examples' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    const { x, inputs, scaling } = JSON.parse(text) as { x: number[]; inputs: number; scaling: Scaling };
    expect(scaling.inputs.map(({ name }) => name)).toEqual(['size', 'rooms']);
    const [{ mean, deviation }] = scaling.inputs;
    const size = x[0] * deviation + mean;
    expect(Math.abs(size - Math.round(size - 0.5) - 0.5)).toBeLessThan(1e-3);
    expect(x.length / inputs).toBe(41);
    expect(scaling.targets[0].deviation).toBeGreaterThan(100);
  });

  it('is asked for by a link, and goes on with the link’s setting', async () => {
    const page = await open('#data=csv&file=flowers.csv&target=place&output=sigmoid&layers=3-relu');
    await page.getByText('made with the file flowers.csv, which stayed').waitFor();
    await drop(page, 'flowers.csv', flowers());
    await page.getByText('5 – 3 – 1').waitFor();
    expect(await control(page, 'Learn').inputValue()).toBe('place');
  });
});
