/** `npm run bench:browser`: the workloads in Chromium and Firefox, for the library and those that run in a page. */
import { Command } from 'commander';
import { buildLibrary } from '../../scripts/library.js';
import { describeMachine, renderMachine } from '../machine.js';
import { commandLine, onlyOption, parseSeconds } from '../options.js';
import { installPeers } from '../peers/install.js';
import { measureBrowsers, PROGRAMS, type BrowserOptions } from './measure.js';
import { renderBrowsers } from './results.js';
import { servePage } from './server.js';

const { serve, ...options } = new Command('npm run bench:browser --')
  .description('Measures training in Chromium and Firefox, beside the libraries that run in a page.')
  .option('--time <seconds>', 'how long each contestant is measured on each workload', parseSeconds, 1)
  .addOption(onlyOption())
  .option('--chromium <path>', 'the program', PROGRAMS.chromium)
  .option('--firefox <path>', 'the program', PROGRAMS.firefox)
  .option('--serve', 'serve the page for a browser of your own, and measure nothing')
  .parse()
  .opts<BrowserOptions & { serve?: boolean }>();

await buildLibrary();
await installPeers();
if (serve) {
  const { url } = await servePage();
  console.log(`open ${url}, and stop with Ctrl+C`);
} else {
  const machine = describeMachine();
  const report = renderBrowsers(await measureBrowsers(options));
  console.log(`${renderMachine(machine)} \`${commandLine('bench:browser')}\`\n\n${report}`);
}
