/** The page away from a desk: offline, installed, by keys, zoomed in, with large letters; and what it says of itself. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { describePage, fingerprintOf, stepsOf } from './page.js';

const built = join(import.meta.dirname, '../../build/playground');

describePage('everywhere', (open) => {
  it('works offline once it has been open', async () => {
    const page = await open('#data=circle', { serviceWorkers: 'allow' });
    await fingerprintOf(page);
    const isKept = () =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated');
    await expect.poll(isKept).toBe(true);
    await page.context().setOffline(true);
    await page.reload();
    const fingerprint = await fingerprintOf(page);
    await page.getByRole('button', { name: 'One step' }).click();
    await expect.poll(() => fingerprintOf(page)).not.toBe(fingerprint);
    await page.locator('input[value="digits"]').check({ force: true });
    await page.getByText('784 – 12 – 10').waitFor();
  });

  it('can be installed, and has a picture to be shared with', async () => {
    const manifest = JSON.parse(await readFile(join(built, 'manifest.webmanifest'), 'utf8')) as {
      readonly start_url: string;
      readonly display: string;
      readonly icons: readonly { readonly src: string }[];
    };
    expect([manifest.start_url, manifest.display]).toEqual(['./', 'standalone']);
    for (const { src } of manifest.icons) expect((await readFile(join(built, src))).length).toBeGreaterThan(100);
    const page = await open('');
    const image = await page.locator('meta[property="og:image"]').getAttribute('content');
    const size = await page.evaluate(async (source) => {
      const picture = new Image();
      picture.src = source ?? '';
      await picture.decode();
      return [picture.naturalWidth, picture.naturalHeight];
    }, image);
    expect(size).toEqual([1200, 630]);
    expect(await page.locator('link[rel="manifest"]').getAttribute('href')).toBe('./manifest.webmanifest');
  });

  it('Space plays and pauses, and goes on doing what it does elsewhere', async () => {
    const page = await open('#data=xor');
    const first = await fingerprintOf(page);
    await page.locator('body').press('Space');
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(0);
    await page.locator('body').press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(await fingerprintOf(page)).not.toBe(first);
    // a box that is ticked by it does not play
    const box = page.getByLabel('show held-out', { exact: true });
    await box.focus();
    await page.keyboard.press('Space');
    expect(await box.isChecked()).toBe(false);
    expect(await page.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1);
  });

  it('links to the lesson, the documentation and the source', async () => {
    const page = await open('');
    const links = page.locator('footer a');
    expect(await links.allTextContents()).toEqual(['The lesson', 'Documentation', 'Source code']);
    for (const link of await links.all()) {
      expect(await link.getAttribute('href')).toMatch(/^(#.*lesson=1|https:\/\/.+)/);
    }
    expect(inject('address')).toMatch(/^http/);
  });

  it('zoomed in to 400 % nothing is cut off, and the bar leaves room', async () => {
    const page = await open('#data=moons', { viewport: { width: 320, height: 200 } });
    await fingerprintOf(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    expect(await page.locator('.top').evaluate((bar) => getComputedStyle(bar).position)).toBe('static');
  });

  it('letters are as large as the browser is told to make them', async () => {
    const page = await open('#data=moons');
    await fingerprintOf(page);
    const sizes = () =>
      page.evaluate(() => {
        const all = [
          ...document.querySelectorAll('p, h2, label, button, select, input[type=number], td, th, figcaption, footer'),
        ];
        return all.map((element) => Number.parseFloat(getComputedStyle(element).fontSize));
      });
    const before = await sizes();
    await page.addStyleTag({ content: 'html { font-size: 200% }' });
    await expect.poll(async () => (await sizes()).map((size, at) => size / before[at])).toEqual(before.map(() => 2));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
  });

  it.each([1024, 1280, 2560])('the bar is one line, and in line with the page: %i', async (width) => {
    const page = await open('#data=moons', { viewport: { width, height: 800 } });
    await fingerprintOf(page);
    const places = await page.evaluate(() => {
      const box = (selector: string): DOMRect => document.querySelector(selector)!.getBoundingClientRect();
      const middle = ({ top, height }: DOMRect): number => top + height / 2;
      return {
        lines: ['.brand', '.transport', '.transport select', '.play', '.theme'].map((each) => middle(box(each))),
        left: [box('.brand').left, box('.bench').left],
        right: [box('.theme').right, box('.bench').right],
      };
    });
    for (const line of places.lines) expect(Math.abs(line - places.lines[1])).toBeLessThanOrEqual(1);
    expect(Math.abs(places.left[0] - places.left[1])).toBeLessThanOrEqual(8);
    expect(Math.abs(places.right[0] - places.right[1])).toBeLessThanOrEqual(8);
  });

  it('a finger points by a tap, which holds until the next', async () => {
    const page = await open('#data=xor&steps=30&weight=0-1-0', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await fingerprintOf(page);
    await expect.poll(() => page.locator('.first-sight b').innerText()).toMatch(/^\s*Tap any connection/);
    expect(await page.getByText('It holds until you tap elsewhere').isVisible()).toBe(true);

    // what counts the neurons lies side by side
    const row = page.locator('.layers li').first().locator('.units button, .units output, select');
    const boxes = await row.evaluateAll((all) => all.map((element) => element.getBoundingClientRect()));
    const sides = boxes.flatMap(({ left, right }) => [left, right]);
    expect(sides).toEqual([...sides].sort((a, b) => a - b));

    const tip = page.locator('.diagram .tip');
    await page.getByRole('button', { name: 'neuron 1 of layer 1' }).tap();
    await expect.poll(() => tip.textContent()).toMatch(/^neuron 1 of layer 1: b = /);
    expect(await tip.isVisible()).toBe(true);
    await page.getByRole('heading', { name: 'Network' }).tap();
    await expect.poll(() => tip.isVisible()).toBe(false);

    // one factor, then a line of the code, which takes no focus
    const lit = () => page.locator('.derivative code.lit').evaluateAll((all) => all.map(({ dataset }) => dataset.code));
    await page.locator('button[data-part="input"]').tap();
    await expect.poll(lit).toEqual(['input']);
    await page.locator('[data-code="slope"]').tap();
    await expect.poll(lit).toEqual(['slope']);
    await page.locator('[data-code="slope"]').tap();
    await expect.poll(lit).toEqual(['slope']);
    await page.getByRole('heading', { name: 'The derivative of one weight' }).tap();
    await expect.poll(lit).toEqual([]);
  });
});
