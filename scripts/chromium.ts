/** The browser that the playground's tests and screenshots run in: Debian's Chromium, driven by Playwright. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright';

const PATH = '/usr/bin/chromium';

/** How to get the browser, when it is not there; undefined when it is. */
export function missingChromium(): string | undefined {
  return existsSync(PATH) ? undefined : `${PATH} is missing: apt-get install chromium`;
}

/** Starts the browser without a window. */
export async function launchChromium(): Promise<Browser> {
  const missing = missingChromium();
  if (missing !== undefined) throw new Error(missing);
  return chromium.launch({
    executablePath: PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
