/** One's own CSV file: dropped, chosen, or refused. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
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

  it('is asked for by a link, and goes on with the link’s setting', async () => {
    const page = await open('#data=csv&file=flowers.csv&target=place&output=sigmoid&layers=3-relu');
    await page.getByText('made with the file flowers.csv, which stayed').waitFor();
    await drop(page, 'flowers.csv', flowers());
    await page.getByText('5 – 3 – 1').waitFor();
    expect(await control(page, 'Learn').inputValue()).toBe('place');
  });
});
