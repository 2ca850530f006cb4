/** The browsers that tests run in: Debian's, or others of their names, found on the PATH; none is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, firefox, type BrowserType, type LaunchOptions } from 'playwright';

export interface BrowserSetup {
  name: 'Chromium' | 'Firefox';
  type: BrowserType;
  /** For Playwright; absent where the browser is not installed. */
  launchOptions: LaunchOptions | undefined;
  /** How to install it. */
  install: string;
}

/** The first program of these names on the PATH. */
export function findProgram(...names: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const chromiumPath = findProgram('chromium', 'chromium-browser', 'google-chrome');
const firefoxPath = findProgram('firefox-esr', 'firefox');

/** Chromium, without the services that a test has no use for and that call home. */
export const CHROMIUM: BrowserSetup = {
  name: 'Chromium',
  type: chromium,
  launchOptions:
    chromiumPath === undefined
      ? undefined
      : {
          executablePath: chromiumPath,
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
  install: 'apt-get install chromium',
};

/** An unpatched Firefox, which Playwright speaks WebDriver BiDi to. */
export const FIREFOX: BrowserSetup = {
  name: 'Firefox',
  type: firefox,
  launchOptions: firefoxPath === undefined ? undefined : { executablePath: firefoxPath, channel: 'moz-firefox' },
  install: 'apt-get install firefox-esr',
};
