/** The derivative beside the network: one number, its factors, its examples, its picture and its code. */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { afterAll, expect, it } from 'vitest';
import { control, describePage, untilStep } from './page.js';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'build/snippets');

/** An attribute that holds a number. */
async function value(page: Page, selector: string, attribute: string): Promise<number> {
  const text = await page.locator(selector).first().getAttribute(attribute);
  return text === null ? NaN : Number(text);
}

const derivative = (page: Page): Promise<number> => value(page, '[data-derivative]', 'data-derivative');
const factor = (page: Page, part: string): Promise<number> =>
  value(page, `[data-part="${part}"] [data-value]`, 'data-value');

describePage('the derivative beside the network', (open) => {
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('stands in the first screen, with picture, factors, product and what to do', async () => {
    const page = await open('', { viewport: { width: 1280, height: 720 } });
    await page.locator('[data-part="product"]').waitFor();
    for (const selector of [
      '.first-sight',
      '.diagram',
      '[data-derivative]',
      '[data-part="product"]',
      '[data-code="product"]',
    ]) {
      const box = await page.locator(selector).boundingBox();
      expect(box!.y + box!.height, selector).toBeLessThanOrEqual(720);
    }
    const [network, panel] = await Promise.all(['.diagram', '.derivative'].map((s) => page.locator(s).boundingBox()));
    expect(panel!.x).toBeGreaterThan(network!.x + network!.width);
    expect(await page.locator('.first-sight').innerText()).toContain('Click any connection to see its derivative');
  });

  it.each(['', '#data=digits', '#data=spiral', '#data=plane', '#data=digits&steps=20'])(
    'begins with a derivative that is not 0: %s',
    async (hash) => {
      const page = await open(hash);
      await expect.poll(() => derivative(page)).not.toBeNaN();
      await expect.poll(async () => Math.abs(await derivative(page))).toBeGreaterThan(1e-6);
    },
  );

  it('is the product of the factors', async () => {
    const page = await open('#data=xor&layers=4-tanh.3-tanh&steps=100&weight=0-1-1&example=3');
    await untilStep(page, 100);
    const product = (await factor(page, 'input')) * (await factor(page, 'slope')) * (await factor(page, 'dA'));
    expect(Math.abs((await derivative(page)) / product - 1)).toBeLessThan(1e-5);
    expect(await factor(page, 'product')).toBe(await derivative(page));
  });

  it.each([
    ['a batch', 16],
    ['all', 350],
  ] as const)('%s: has a bar for each example, and they add up to it', async (scope, size) => {
    const page = await open('#data=moons&layers=4-tanh.3-tanh&steps=50&weight=1-0-1&example=20');
    await untilStep(page, 50);
    await control(page, scope).check({ force: true });
    await expect.poll(() => value(page, '[data-shares]', 'data-shares')).toBe(size);
    const sum = await value(page, '[data-shares-sum]', 'data-shares-sum');
    expect(Math.abs(sum / size / (await derivative(page)) - 1)).toBeLessThan(1e-3);
    const said = await page.locator('[data-members]').textContent();
    expect(said).toContain(size === 16 ? 'batch 2 of 22: examples 17 to 32' : 'all 350 training examples');
    // the choice rules the panel: the formula is of one of them, and the code of all
    await page.getByText('One of them: example 21').waitFor();
    expect(await page.locator('.derivative-code pre').textContent()).toContain('net.gradients(x, y)');
    expect(new URLSearchParams(new URL(page.url()).hash).get('scope')).toBe(scope === 'all' ? 'all' : 'batch');
  });

  it('a bar is an example to look at', async () => {
    const page = await open('#data=moons&steps=10&weight=0-0-0&example=20&scope=batch');
    await untilStep(page, 10);
    const box = (await page.locator('.shares svg').boundingBox())!;
    await page.mouse.click(box.x + (box.width * 2.5) / 16, box.y + box.height / 2);
    await expect.poll(() => control(page, 'Example').inputValue()).toBe('19');
    expect(await page.locator('[data-members]').textContent()).toContain('examples 17 to 32');
  });

  it('a factor lights up in the formula, the picture and the code', async () => {
    const page = await open('#data=xor&layers=4-tanh.3-tanh&steps=10&weight=1-1-2&example=3');
    await untilStep(page, 10);
    const lit = (selector: string): Promise<number> => page.locator(`${selector}.lit`).count();
    for (const [part, neurons] of [
      ['input', ['neuron 3 of layer 1']],
      ['slope', ['neuron 2 of layer 2']],
      ['dA', ['the output']],
    ] as const) {
      await page.locator(`button[data-part="${part}"]`).focus();
      await expect.poll(() => lit('.formula span')).toBe(1);
      expect(await lit(`[data-code="${part}"]`)).toBe(1);
      const names = await page
        .locator('.neuron.lit')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
      expect(names).toEqual(neurons);
    }
    // and from the code and the picture to the formula
    await page.locator('[data-code="slope"]').hover();
    await expect.poll(() => lit('button[data-part="slope"]')).toBe(1);
    await page.getByRole('button', { name: 'neuron 3 of layer 1' }).hover();
    await expect.poll(() => lit('button[data-part="input"]')).toBe(1);
  });

  it('connections show weights, gradients or the last change', async () => {
    const page = await open('#data=xor&layers=4-tanh&steps=10&weight=0-1-1&example=3');
    await untilStep(page, 10);
    const tip = page.locator('.tip');
    const edges = page.getByRole('application');
    await control(page, 'gradients').check({ force: true });
    await edges.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => tip.textContent()).toMatch(/^∂C\/∂w = −?[\d.]+/);
    await control(page, 'this step’s change').check({ force: true });
    await edges.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => tip.textContent()).toMatch(/^Δw = −?[\d.]+/);
    await expect.poll(() => new URLSearchParams(new URL(page.url()).hash).get('shows')).toBe('change');
    await page.getByRole('button', { name: 'Start over' }).click();
    await untilStep(page, 0);
    await edges.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => tip.textContent()).toMatch(/^no step yet/);
  });

  it.each(['this example', 'all'])('the chainrule code gives the number shown, in Node: %s', async (scope) => {
    const page = await open('#data=moons&layers=4-tanh.3-silu&steps=40&weight=0-2-1&example=5');
    await untilStep(page, 40);
    await control(page, scope).check({ force: true });
    await expect.poll(() => page.locator('[data-shares]').count()).toBe(scope === 'all' ? 1 : 0);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy with numbers' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    const program = await page.evaluate(() => navigator.clipboard.readText());
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'derivative.ts');
    await writeFile(file, program);
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file], { cwd: folder });
    expect(Number(stdout.trim().split('\n').at(-1))).toBe(await derivative(page));
  });

  it('the finite differences say where float32 gives out', async () => {
    const page = await open('#data=xor&layers=4-tanh&steps=100&weight=0-1-1&example=3');
    await untilStep(page, 100);
    const slider = page.getByRole('slider', { name: 'ε' });
    const verdict = page.locator('[data-verdict]');
    const errorAt = async (at: number): Promise<number> => {
      await slider.fill(String(at));
      return value(page, '[data-error]', 'data-error');
    };
    await expect.poll(() => errorAt(20)).toBeLessThan(0.01);
    const middle = await errorAt(20);
    expect(await errorAt(2)).toBeGreaterThan(10 * middle);
    expect(await verdict.textContent()).toContain('float32 gives out');
    expect(await errorAt(28)).toBeGreaterThan(10 * middle);
    expect(await verdict.textContent()).toContain('the cost bends');
  });
});
