/** `npm run bench:report`: measures all that the README and docs/benchmark.md show, in one session, and writes them. */
import { Command } from 'commander';
import { buildLibrary } from '../scripts/library.js';
import { installTools } from '../scripts/tools.js';
import { measureBrowsers, PROGRAMS } from './browser/measure.js';
import { describeMachine, isChanged } from './machine.js';
import { ALL_PARTS, commandLine, parseSeconds } from './options.js';
import { compilePeak } from './peak.js';
import { installPeers } from './peers/install.js';
import { PEERS } from './peers/roster.js';
import { WORKLOADS } from './workloads.js';

interface Options {
  time: number;
  limit: number;
  python?: string;
  chromium: string;
  firefox: string;
  render?: boolean;
}

const command = new Command('npm run bench:report --')
  .description(
    'Measures the library by itself, in versions of Node, beside others and in browsers, and writes the pages.',
  )
  .option('--time <seconds>', 'how long each contestant is measured in each contest', parseSeconds, 0.6)
  .option('--limit <seconds>', 'how long a peer may take in each contest, all told', parseSeconds, 60)
  .option('--python <program>', 'the Python that has PyTorch and NumPy')
  .option('--chromium <path>', 'the program', PROGRAMS.chromium)
  .option('--firefox <path>', 'the program', PROGRAMS.firefox)
  .option('--render', 'write the pages from the sessions that are kept, and measure nothing')
  .parse();
const options = command.opts<Options>();

async function measure({ time, limit, python, chromium, firefox }: Options): Promise<void> {
  const machine = describeMachine();
  const { keepReport } = await import('./page.js'); // it needs what was just built, as the next do
  const { findPython, holdSession } = await import('./peers/hold.js');
  const { measureNodes } = await import('./nodes.js');
  const { runSuite } = await import('./suite.js');
  const kernels = await compilePeak();
  const only = WORKLOADS.map(({ name }) => name);
  const report = {
    ...{ machine, command: commandLine('bench:report') },
    suite: await runSuite({ time, threads: 2, only: ALL_PARTS }),
    nodes: await measureNodes(WORKLOADS, time, kernels),
    peers: await holdSession(
      { workloads: WORKLOADS, peers: PEERS, inference: true },
      {
        ...{ time, limit, kernels, python: python ?? (await findPython()) },
        onProgress: (line) => console.error(line),
      },
      commandLine('bench:report'),
    ),
    browsers: await measureBrowsers({ time, only, chromium, firefox }),
  };
  if (describeMachine().revision !== machine.revision) {
    throw new Error(`the revision changed from ${machine.revision} while it was measured; nothing was written`);
  }
  await keepReport(report);
}

await buildLibrary();
await installPeers();
if (!options.render) {
  if (isChanged())
    command.error('error: what is measured has changes that are not committed: a report is of one revision');
  await installTools();
  await measure(options);
}
const { readReports, writePages } = await import('./page.js');
await writePages(await readReports());
