/** Pages in Chromium and Firefox: what they show in the end. */
import type { Browser } from 'playwright';
import { CHROMIUM, FIREFOX, type BrowserSetup } from '../browsers.js';

/** A browser that shows a page. */
export interface Opener {
  name: string;
  missing: string | undefined;
  /** What the page's <output> says, once it says something; an error with what the browser complained of if it never does. */
  read(address: string): Promise<string>;
  version(): Promise<string>;
  close(): Promise<void>;
}

const PATIENCE = 150_000;

function opener({ name, type, launchOptions, install }: BrowserSetup): Opener {
  let running: Promise<Browser> | undefined;
  const browser = (): Promise<Browser> => (running ??= type.launch(launchOptions));
  return {
    name,
    missing: launchOptions ? undefined : `${name} is not installed: ${install}`,
    version: async () => (await browser()).version(),
    close: async () => (await running)?.close(),
    read: async (address) => {
      const page = await (await browser()).newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('requestfailed', (request) => complaints.push(`not loaded: ${request.url()}`));
      try {
        await page.goto(address);
        const filled = page.locator('output:not(:empty)');
        await filled.waitFor({ state: 'attached', timeout: PATIENCE });
        return (await filled.textContent()) ?? '';
      } catch (error) {
        throw new Error(`${name} said: ${complaints.join('\n') || 'nothing'}`, { cause: error });
      } finally {
        await page.close();
      }
    },
  };
}

export const openChromium = opener(CHROMIUM);
export const openFirefox = opener(FIREFOX);
