/** `npm run bench:browser`: the workloads in Chromium and Firefox, for the library and those that run in a page. */
import { Command } from 'commander';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { buildLibrary } from '../../scripts/library.js';
import { root } from '../../scripts/project.js';
import { describeMachine, renderMachine, type Machine } from '../machine.js';
import { commandLine, isEverything, onlyOption, parseSeconds } from '../options.js';
import { installPeers } from '../peers/install.js';
import { fillMarkers } from '../markers.js';
import { renderBrowsers, type BrowserContest, type BrowserSession } from './results.js';
import { servePage } from './server.js';

interface Options {
  time: number;
  only: readonly string[];
  chromium: string;
  firefox: string;
  serve?: boolean;
  write?: boolean;
}

/** As root, browsers start only without their sandboxes. */
const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  '--disable-sync',
];

/** Milliseconds: a busy machine takes long to start a page. */
const LOAD_LIMIT = 300_000;

function readOptions(): Options {
  const command = new Command('npm run bench:browser --')
    .description('Measures training in Chromium and Firefox, beside the libraries that run in a page.')
    .option('--time <seconds>', 'how long each contestant is measured on each workload', parseSeconds, 1)
    .addOption(onlyOption())
    .option('--chromium <path>', 'the program', '/usr/bin/chromium')
    .option('--firefox <path>', 'the program', '/usr/bin/firefox-esr')
    .option('--serve', 'serve the page for a browser of your own, and measure nothing')
    .option('--write', 'put the results into docs/benchmark.md as well; takes everything')
    .parse();
  const options = command.opts<Options>();
  if (options.write && !isEverything(options.only)) {
    command.error('error: --write takes everything: leave out --only');
  }
  return options;
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

async function writeReport(machine: Machine, sessions: readonly BrowserSession[], write = false): Promise<void> {
  const report = [`${renderMachine(machine)} \`${commandLine('bench:browser')}\``, renderBrowsers(sessions)].join(
    '\n\n',
  );
  if (write) await fillMarkers(join(root, 'docs/benchmark.md'), 'browsers', report);
  console.log(report);
}

const options = readOptions();
await buildLibrary();
await installPeers();
const server = await servePage();
if (options.serve) {
  console.log(`open ${server.url}, and stop with Ctrl+C`);
} else {
  try {
    const machine = describeMachine();
    await writeReport(machine, await measureAll(server.url, options), options.write);
  } finally {
    await server.close();
  }
}
