/** What one takes away leads back to the same weights: the link, the model file, the program. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadNetwork } from 'chainrule';
import type { Page } from 'playwright';
import { afterAll, expect, it } from 'vitest';
import { fingerprintOf as nameOf } from '../../examples/playground/src/training/fingerprint.js';
import { control, describePage, fingerprintOf, untilStep } from './page.js';

const root = join(import.meta.dirname, '../..');
// inside the project, so that `import ... from 'chainrule'` is the package itself
const folder = join(root, 'build/taken');

async function take(page: Page, button: string): Promise<string> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  const download = await waiting;
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

describePage('the link', (open) => {
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('leads someone else to the same weights', async () => {
    const page = await open('');
    await page.locator('input[value="moons"]').check({ force: true });
    await control(page, 'Optimizer').selectOption('RMSprop');
    await control(page, 'Learning rate').fill('0.004');
    await page.getByRole('button', { name: 'Layer 1: one neuron more' }).click();
    for (const step of [1, 2, 3]) {
      await page.getByRole('button', { name: 'One step' }).click();
      await untilStep(page, step);
    }
    await page.getByRole('button', { name: 'One epoch' }).click();
    await untilStep(page, 22);
    const fingerprint = await fingerprintOf(page);
    await expect.poll(() => page.url()).toContain('steps=22');

    const hash = new URL(page.url()).hash;
    const other = await open(hash);
    await untilStep(other, 22);
    await expect.poll(() => fingerprintOf(other)).toBe(fingerprint);
    expect(await control(other, 'Learning rate').inputValue()).toBe('0.004');
    await expect.poll(() => new URL(other.url()).hash).toBe(hash);
  });

  it('says what it cannot use', async () => {
    const page = await open('#data=circle&rate=fast&layers=5-cosine');
    const notices = page.locator('.notices');
    await expect.poll(() => notices.textContent()).toContain('rate=fast: expected a number from 0');
    expect(await notices.textContent()).toContain('layers=5-cosine');
    expect(await control(page, 'Learning rate').inputValue()).toBe('0.003');
  });

  it('the model and the program give the same weights, in Node', async () => {
    await mkdir(folder, { recursive: true });
    const page = await open(
      '#data=spiral&optimizer=sgd&momentum=0.9&nesterov=true&rate=0.02&clipNorm=1&weightDecay=0.001&steps=66',
    );
    await untilStep(page, 66);
    const fingerprint = await fingerprintOf(page);
    const model = await take(page, 'Model file');
    await take(page, 'Training examples');
    const program = await take(page, 'Program');
    const name = async (): Promise<string> => nameOf((await loadNetwork(await readFile(model))).getParameters());
    expect(await name()).toBe(fingerprint);
    await rm(model);
    await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { cwd: folder });
    expect(await name()).toBe(fingerprint);
  });
});
