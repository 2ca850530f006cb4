/** `npm run bench:peers`: the library beside other libraries, on the same work, in one session. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLibrary } from '../scripts/library.js';
import { renderMachine } from './machine.js';
import { commandLine, onlyOption, parseSeconds } from './options.js';
import { compilePeak } from './peak.js';
import { WORKLOADS } from './workloads.js';
import { installPeers } from './peers/install.js';
import { OURS, PEERS, selectPeers, type Peer } from './peers/roster.js';
import { renderSession } from './peers/report.js';

const OTHERS = PEERS.map(({ name }) => name).filter((name) => !name.startsWith(OURS));

interface Options {
  time: number;
  limit: number;
  only: readonly string[];
  peers: readonly Peer[];
  python?: string;
  inference: boolean;
  output: string;
}

function parsePeers(text: string): readonly Peer[] {
  try {
    return selectPeers(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

const { time, limit, only, peers, python, inference, output } = new Command('npm run bench:peers --')
  .description('Measures the library beside others, which it installs into bench/peers, and writes peers.json.')
  .option('--time <seconds>', 'how long each contestant is measured in each contest', parseSeconds, 1)
  .option('--limit <seconds>', 'how long a contestant may take in each contest, all told', parseSeconds, 60)
  .addOption(onlyOption())
  .addOption(
    new Option('--peers <names>', `which others, by parts of their names, such as jax,torch (of ${OTHERS.join(', ')})`)
      .argParser(parsePeers)
      .default(PEERS, 'all'),
  )
  .option('--python <program>', 'the Python that has PyTorch and NumPy')
  .option('--no-inference', 'training only')
  .option('--output <folder>', 'where peers.json goes', 'results')
  .parse()
  .opts<Options>();
await buildLibrary();
await installPeers();
const { findPython, holdSession } = await import('./peers/hold.js'); // it needs what was just built
const session = await holdSession(
  { workloads: WORKLOADS.filter(({ name }) => only.includes(name)), peers, inference },
  {
    ...{ time, limit, kernels: await compilePeak(), python: python ?? (await findPython()) },
    onProgress: (line) => console.error(line),
  },
  commandLine('bench:peers'),
);
await mkdir(output, { recursive: true });
await writeFile(join(output, 'peers.json'), `${JSON.stringify(session, undefined, 2)}\n`);
console.log(`${renderMachine(session.machine)} \`${session.command}\`\n\n${renderSession(session)}`);
