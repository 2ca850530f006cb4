/** `npm run bench:browser`: the workloads in Chromium and Firefox, for the library and those that run in a page. */
import { Command } from 'commander';
import { join } from 'node:path';
import { chromium, firefox, type Browser } from 'playwright';
import { root } from '../../scripts/project.js';
import { describeMachine } from '../machine.js';
import { onlyOption, parseSeconds } from '../options.js';
import { installPeers } from '../peers/install.js';
import { fillMarkers } from '../peers/markers.js';
import { WORKLOADS } from '../workloads.js';
import { renderBrowsers, type BrowserContest, type BrowserSession } from './results.js';
import { servePage } from './server.js';

interface Options {
  time: number;
  only: readonly string[];
  chromium: string;
  firefox: string;
  serve: boolean;
}

/** As root, browsers start only without their sandboxes. */
const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  '--disable-sync',
];

/** Milliseconds: a busy machine takes long to start a page. */
const LOAD_LIMIT = 300_000;

function readOptions(): Options {
  return new Command('bench:browser')
    .description('Measures training in Chromium and Firefox. A session of everything goes into docs/benchmark.md.')
    .option('--time <seconds>', 'how long each contestant is measured on each workload', parseSeconds, 1)
    .addOption(onlyOption())
    .option('--chromium <path>', 'the program', '/usr/bin/chromium')
    .option('--firefox <path>', 'the program', '/usr/bin/firefox-esr')
    .option('--serve', 'serve the page for a browser of your own, and measure nothing', false)
    .parse()
    .opts<Options>();
}

async function measureIn(name: string, browser: Browser, url: string, options: Options): Promise<BrowserSession> {
  const page = await browser.newPage();
  page.setDefaultTimeout(LOAD_LIMIT);
  await page.goto(url);
  await page.waitForFunction('typeof bench === "function"');
  const contests: BrowserContest[] = [];
  for (const workload of options.only) {
    console.error(`${name}  ${workload}`);
    contests.push(await page.evaluate<BrowserContest>(`bench(${JSON.stringify(workload)}, ${options.time})`));
  }
  return { browser: `${name} ${browser.version()}`, contests };
}

async function measureAll(url: string, options: Options): Promise<BrowserSession[]> {
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

async function writeReport(sessions: readonly BrowserSession[], whole: boolean): Promise<void> {
  const { cpu, platform, date, load } = describeMachine();
  const tables = renderBrowsers(sessions);
  const report = [`${cpu}, ${platform}, ${date}; load average ${load.toFixed(2)} at the end.`, tables].join('\n\n');
  if (whole) await fillMarkers(join(root, 'docs/benchmark.md'), 'browsers', report);
  console.log(report);
}

const options = readOptions();
await installPeers();
const server = await servePage();
if (options.serve) {
  console.log(`open ${server.url}, and stop with Ctrl+C`);
} else {
  try {
    await writeReport(await measureAll(server.url, options), options.only.length === WORKLOADS.length);
  } finally {
    await server.close();
  }
}
