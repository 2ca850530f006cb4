/** `npm run bench:peers`: the library beside other libraries, on the same work, in one session. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildLibrary } from '../scripts/library.js';
import { root } from '../scripts/project.js';
import { describeMachine } from './machine.js';
import { fillMarkers } from './markers.js';
import { commandLine, isEverything, onlyOption, parseSeconds } from './options.js';
import { compilePeak } from './peak.js';
import { WORKLOADS } from './workloads.js';
import { installPeers } from './peers/install.js';
import { OURS, PEERS, selectPeers, type Peer } from './peers/roster.js';
import { renderHeadline, renderSession, renderSummary } from './peers/report.js';
import type { Contest, Session } from './peers/results.js';
import type { SessionOptions } from './peers/session.js';

/** The network of the predictions, and how many rows each takes. */
const INFERENCE = { workload: 'W3', batchSizes: [1, 256] };
const OTHERS = PEERS.map(({ name }) => name).filter((name) => !name.startsWith(OURS));
const PYTHONS = ['python3', '/usr/bin/python3'];

const execute = promisify(execFile);

interface Options {
  time: number;
  limit: number;
  only: readonly string[];
  peers: readonly Peer[];
  python?: string;
  inference: boolean;
  output: string;
  write?: boolean;
}

function readOptions(): Options {
  const command = new Command('npm run bench:peers --')
    .description('Measures the library beside others, which it installs into bench/peers, and writes peers.json.')
    .option('--time <seconds>', 'how long each contestant is measured in each contest', parseSeconds, 1)
    .option('--limit <seconds>', 'how long a contestant may take in each contest, all told', parseSeconds, 60)
    .addOption(onlyOption())
    .addOption(
      new Option(
        '--peers <names>',
        `which others, by parts of their names, such as jax,torch (of ${OTHERS.join(', ')})`,
      )
        .argParser(parsePeers)
        .default(PEERS, 'all'),
    )
    .option('--python <program>', 'the Python that has PyTorch and NumPy')
    .option('--no-inference', 'training only')
    .option('--output <folder>', 'where peers.json goes', 'results')
    .option('--write', 'put the results into README.md and docs/benchmark.md as well; takes everything')
    .parse();
  const options = command.opts<Options>();
  const whole = isEverything(options.only) && options.peers === PEERS && options.inference;
  if (options.write && !whole) {
    command.error('error: --write takes everything: leave out --only, --peers and --no-inference');
  }
  return options;
}

function parsePeers(text: string): readonly Peer[] {
  try {
    return selectPeers(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** The first that has both libraries, or one of them. */
async function findPython(): Promise<string> {
  for (const modules of ['numpy, torch', 'numpy']) {
    for (const program of PYTHONS) {
      const tried = await Promise.allSettled([execute(program, ['-c', `import ${modules}`])]);
      if (tried[0].status === 'fulfilled') return program;
    }
  }
  return PYTHONS[0];
}

async function hold({ only, peers, inference }: Options, options: SessionOptions): Promise<Session> {
  const { inferenceContest, trainingContest } = await import('./peers/session.js'); // it needs what was just built
  const machine = describeMachine();
  const training: Contest[] = [];
  for (const workload of WORKLOADS.filter(({ name }) => only.includes(name))) {
    options.onProgress(`${workload.name}  ${workload.title}`);
    training.push(await trainingContest(workload, peers, options));
  }
  const predictions: Contest[] = [];
  const network = WORKLOADS.find(({ name }) => name === INFERENCE.workload)!;
  for (const batchSize of inference ? INFERENCE.batchSizes : []) {
    options.onProgress(`predictions of ${network.name}, ${batchSize} at a time`);
    predictions.push(await inferenceContest(network, batchSize, peers, options));
  }
  return { machine, command: commandLine('bench:peers'), training, inference: predictions };
}

const options = readOptions();
await buildLibrary();
await installPeers();
const session = await hold(options, {
  kernels: await compilePeak(),
  python: options.python ?? (await findPython()),
  time: options.time,
  limit: options.limit,
  onProgress: (line) => console.error(line),
});
await mkdir(options.output, { recursive: true });
await writeFile(join(options.output, 'peers.json'), `${JSON.stringify(session, undefined, 2)}\n`);
const report = renderSession(session);
if (options.write) {
  const { renderChart } = await import('./peers/chart.js'); // it needs what was just installed
  await writeFile(join(root, 'docs/benchmark.svg'), await renderChart(session));
  await fillMarkers(join(root, 'docs/benchmark.md'), 'peers', report);
  await fillMarkers(join(root, 'README.md'), 'headline', renderHeadline(session));
  await fillMarkers(join(root, 'README.md'), 'peers', renderSummary(session));
}
console.log(report);
