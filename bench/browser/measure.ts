/** Measures the workloads in the browsers that are installed, on a page that this process serves. */
import type { Browser } from 'playwright';
import { untilSteady } from '../steady.js';
import type { BrowserContest, BrowserSession } from './results.js';
import { servePage } from './server.js';

export interface BrowserOptions {
  /** Seconds for each contestant on each workload. */
  readonly time: number;
  /** Names of workloads. */
  readonly only: readonly string[];
  /** The paths of the programs. */
  readonly chromium: string;
  readonly firefox: string;
}

/** Where Debian has them. */
export const PROGRAMS = { chromium: '/usr/bin/chromium', firefox: '/usr/bin/firefox-esr' };

/** As root, browsers start only without their sandboxes. */
const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  '--disable-sync',
];

/** The cells of the library, which come first: they say whether the machine was disturbed. */
const OURS = 2;

/** Milliseconds: a busy machine takes long to start a page. */
const LOAD_LIMIT = 300_000;

async function measureIn(
  name: string,
  browser: Browser,
  url: string,
  options: BrowserOptions,
): Promise<BrowserSession> {
  const page = await browser.newPage();
  page.setDefaultTimeout(LOAD_LIMIT);
  await page.goto(url);
  await page.waitForFunction('typeof bench === "function"');
  const contests: BrowserContest[] = [];
  for (const workload of options.only) {
    console.error(`${name}  ${workload}`);
    const measure = (): Promise<BrowserContest> =>
      page.evaluate<BrowserContest>(`bench(${JSON.stringify(workload)}, ${options.time})`);
    const ours = ({ cells }: BrowserContest) => cells.slice(0, OURS).flatMap(({ rate }) => rate ?? []);
    contests.push(await untilSteady(`${name} ${workload}`, measure, ours));
  }
  return { browser: `${name} ${browser.version()}`, contests };
}

/** Chromium and then Firefox. */
export async function measureBrowsers(options: BrowserOptions): Promise<BrowserSession[]> {
  const server = await servePage();
  try {
    return await measureAt(server.url, options);
  } finally {
    await server.close();
  }
}

async function measureAt(url: string, options: BrowserOptions): Promise<BrowserSession[]> {
  const { chromium, firefox } = await import('playwright'); // it takes long to load
  const launchers = {
    Chromium: () => chromium.launch({ executablePath: options.chromium, args: CHROMIUM_FLAGS }),
    // the channel that drives the distribution's own build
    Firefox: () => firefox.launch({ channel: 'moz-firefox', executablePath: options.firefox }),
  };
  const sessions: BrowserSession[] = [];
  for (const [name, launch] of Object.entries(launchers)) {
    const browser = await launch();
    try {
      sessions.push(await measureIn(name, browser, url, options));
    } finally {
      await browser.close();
    }
  }
  return sessions;
}
