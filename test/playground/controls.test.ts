/** Each control does what it says: the setting in the address, and what is on the page, follow it. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { control, describePage, fingerprintOf, stepsOf, untilStep } from './page.js';

/** A value of the address, which follows a moment later. */
async function expectAddress(page: Page, name: string, value: string): Promise<void> {
  const read = (): string | null => new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name);
  await expect.poll(read, { timeout: 10_000 }).toBe(value);
}

describePage('controls', (open) => {
  it('chooses each data set', async () => {
    const page = await open('');
    for (const name of ['xor', 'gauss', 'spiral', 'moons', 'plane', 'circle']) {
      await page.locator(`input[value="${name}"]`).check({ force: true });
      await expectAddress(page, 'data', name);
    }
  });

  it('sets noise, split and seeds of the data', async () => {
    const page = await open('');
    const first = await fingerprintOf(page);
    await page.getByRole('button', { name: 'One step' }).click();
    await untilStep(page, 1);
    const trained = await fingerprintOf(page);
    expect(trained).not.toBe(first);
    await page.getByRole('slider', { name: /Held out/ }).fill('50');
    await expectAddress(page, 'testShare', '50');
    await page.getByText('250 examples to learn from, 250 held out.').waitFor();
    await page.getByRole('slider', { name: /Noise/ }).fill('0.3');
    await expectAddress(page, 'noise', '0.3');
    await control(page, 'Data seed').fill('7');
    await expectAddress(page, 'dataSeed', '7');
    await page.getByRole('button', { name: 'Draw another data seed' }).click();
    await expect.poll(() => control(page, 'Data seed').inputValue()).not.toBe('7');
  });

  it('adds and removes layers and neurons, and sets activations', async () => {
    const page = await open('#layers=4-tanh');
    await expectAddress(page, 'layers', '4-tanh');
    await page.getByRole('button', { name: 'Layer 1: one neuron more' }).click();
    await expectAddress(page, 'layers', '5-tanh');
    await page.getByRole('button', { name: '+ Add a layer' }).click();
    await expectAddress(page, 'layers', '5-tanh.5-tanh');
    await page.getByRole('button', { name: 'Layer 2: one neuron less' }).click();
    await control(page, 'Layer 2: activation').selectOption('relu');
    await expectAddress(page, 'layers', '5-tanh.4-relu');
    await expect.poll(() => page.locator('.neuron').count()).toBe(2 + 5 + 4 + 1);
    await page.getByRole('button', { name: 'Remove layer 1' }).click();
    await expectAddress(page, 'layers', '4-relu');
    await control(page, 'Output activation').selectOption('tanh');
    await expectAddress(page, 'output', 'tanh');
    await expectAddress(page, 'loss', 'mse');
  });

  it('sets loss, optimizer and their numbers', async () => {
    const page = await open('');
    await control(page, 'Loss').selectOption('quadratic');
    await expectAddress(page, 'loss', 'quadratic');
    await control(page, 'Optimizer').selectOption('SGD');
    await expectAddress(page, 'optimizer', 'sgd');
    await control(page, 'momentum').fill('0.9');
    await control(page, 'nesterov').check();
    await expectAddress(page, 'momentum', '0.9');
    await expectAddress(page, 'nesterov', 'true');
    for (const [label, name, value] of [
      ['Learning rate', 'rate', '0.05'],
      ['Batch size', 'batchSize', '32'],
      ['Weight decay', 'weightDecay', '0.001'],
      ['Clip gradient at', 'clipNorm', '2'],
      ['Network seed', 'seed', '99'],
    ] as const) {
      await control(page, label).fill(value);
      await expectAddress(page, name, value);
    }
    await page.getByRole('button', { name: 'One epoch' }).click();
    await untilStep(page, 11);
  });

  it('refuses a number that cannot be, and keeps the last that could', async () => {
    const page = await open('');
    await control(page, 'Batch size').fill('0');
    await page.getByText('A whole number from 1 to 2500').waitFor();
    await expectAddress(page, 'batchSize', '16');
    await control(page, 'Batch size').blur();
    expect(await control(page, 'Batch size').inputValue()).toBe('16');
  });

  it('weight decay and the seed change what is learnt', async () => {
    const page = await open('#steps=20');
    await untilStep(page, 20);
    const plain = await fingerprintOf(page);
    await control(page, 'Weight decay').fill('0.1');
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect.poll(() => stepsOf(page)).toBe(0);
    await page.getByRole('button', { name: 'One epoch' }).click();
    await untilStep(page, 22);
    expect(await fingerprintOf(page)).not.toBe(plain);
  });

  it('shows a weight on hover and by the keyboard, and a neuron on focus', async () => {
    const page = await open('#data=xor&layers=3-tanh&weight=0-0-0');
    await fingerprintOf(page);
    const tip = page.locator('.tip');
    const edges = page.getByRole('application');
    await edges.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => tip.textContent()).toMatch(/^w = −?[\d.]+, from x2 to neuron 1 of layer 1$/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => tip.textContent()).toMatch(/from neuron 1 of layer 1 to the output$/);
    await page.keyboard.press('Enter');
    await expectAddress(page, 'weight', '1-0-0');
    await page.getByRole('button', { name: 'neuron 2 of layer 1' }).focus();
    await expect.poll(() => tip.textContent()).toMatch(/^neuron 2 of layer 1: b = /);
    await page.getByText('neuron 2 of layer 1', { exact: true }).waitFor();
    const [a, b] = await Promise.all(
      ['x1', 'neuron 1 of layer 1'].map((name) => page.getByRole('button', { name, exact: true }).boundingBox()),
    );
    await page.mouse.move((a!.x + a!.width + b!.x) / 2, (a!.y + b!.y + a!.height / 2 + b!.height / 2) / 2);
    await page.mouse.move((a!.x + a!.width + b!.x) / 2 + 1, (a!.y + b!.y + a!.height / 2 + b!.height / 2) / 2);
    await expect.poll(() => tip.textContent()).toMatch(/^w = /);
  });

  it('switches between light and dark', async () => {
    const page = await open('', { colorScheme: 'light' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByRole('button', { name: 'Switch to dark colours' }).click();
    expect(await paper()).not.toBe(light);
    await page.reload();
    expect(await paper()).not.toBe(light);
  });

  it('follows the system into the dark', async () => {
    const page = await open('', { colorScheme: 'dark' });
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });
});
