/** Opens the page for a test, in a browser that is shared by the tests of a file. */
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest';
import { launchChromium, missingChromium } from '../../scripts/chromium.js';

const missing = missingChromium();
if (missing !== undefined) console.warn(`The playground is not tested in a browser: ${missing}`);

/** A `describe` whose tests are given pages; skipped where there is no browser, save in CI, where that is a failure. */
export function describePage(name: string, tests: (open: Open) => void): void {
  describe.skipIf(missing !== undefined && !process.env['CI'])(name, () => {
    let browser: Browser;
    const pages: Page[] = [];
    const complaints: string[] = [];

    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());
    afterEach(async () => {
      await Promise.all(pages.splice(0).map((page) => page.context().close()));
      expect(complaints.splice(0), 'the console').toEqual([]);
    });

    tests(async (hash = '', options = {}) => {
      // a service worker would answer what a test wants to hold up; only a test of its own lets it in
      const usual = { viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' } as const;
      const context = await browser.newContext({ ...usual, ...options });
      const page = await context.newPage();
      page.on('console', (message) => {
        const isBlocked = message.text().includes('Service Worker registration blocked');
        if (['error', 'warning'].includes(message.type()) && !isBlocked) complaints.push(message.text());
      });
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(inject('address')) && !/^(blob|data):/.test(url)) complaints.push(`a request to ${url}`);
      });
      pages.push(page);
      await page.goto(inject('address') + hash);
      return page;
    });
  });
}

export type Open = (hash?: string, options?: BrowserContextOptions) => Promise<Page>;

/** The steps that the bar shows. */
export async function stepsOf(page: Page): Promise<number> {
  return Number((await counter(page, 'step').textContent())?.replaceAll(',', ''));
}

function counter(page: Page, name: string) {
  return page.locator(`[data-counter="${name}"]`);
}

/** Waits until the bar shows these steps, at rest. */
export async function untilStep(page: Page, steps: number): Promise<void> {
  await expect.poll(() => stepsOf(page), { timeout: 60_000 }).toBe(steps);
}

/** The name of the weights that are shown, once there is one. */
export async function fingerprintOf(page: Page): Promise<string> {
  const element = page.locator('[data-fingerprint]');
  await expect.poll(() => element.textContent(), { timeout: 30_000 }).toMatch(/^[0-9a-f]{8}$/);
  return (await element.textContent()) ?? '';
}

/** The test accuracy, from 0 to 1. */
export async function testAccuracy(page: Page): Promise<number> {
  return Number.parseFloat((await page.locator('[data-number="test-accuracy"]').textContent()) ?? '') / 100;
}

/** Presses play, and waits for the test accuracy. */
export async function playUntil(page: Page, accuracy: number): Promise<void> {
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => testAccuracy(page), { timeout: 100_000, interval: 200 }).toBeGreaterThan(accuracy);
}

/** A control by its label. */
export function control(page: Page, label: string) {
  return page.getByLabel(label, { exact: true });
}
