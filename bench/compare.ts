/** `npm run bench:compare -- <git ref>`: the speed of this working tree beside that of another revision. */
import type { Numerics } from 'chainrule';
import { Command, Option } from 'commander';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildLibrary } from '../scripts/library.js';
import { root } from '../scripts/project.js';
import type { Trial, TrialRates } from './compare-trial.js';
import { renderComparison, type Comparison, type Pair } from './comparison.js';
import { onlyOption, parseCount, parseSeconds } from './options.js';
import { buildRevision, type Revision } from './revision.js';
import { WORKLOADS, type Workload } from './workloads.js';

const ROUNDS = 4;
const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];

interface Options {
  time: number;
  processes: number;
  only: readonly string[];
  numerics?: Numerics;
}

const command = new Command('npm run bench:compare --')
  .description('Builds another revision beside this one, and measures both turn by turn.')
  .argument('<ref>', 'a git revision, such as main or HEAD~1')
  .option('--time <seconds>', 'how long each is measured in each process', parseSeconds, 1)
  .option('--processes <count>', 'how many processes measure each workload', parseCount, 3)
  .addOption(onlyOption())
  .addOption(new Option('--numerics <kind>', 'one kind of numerics only').choices(NUMERICS))
  .parse();

/** A process of its own, since where code and data happen to lie in memory moves speeds by some percent. */
async function runTrial(trial: Trial): Promise<TrialRates> {
  const child = fork(join(import.meta.dirname, 'compare-trial.ts'));
  child.send(trial);
  let rates: TrialRates | undefined;
  child.once('message', (message) => (rates = message as TrialRates));
  await once(child, 'exit');
  if (!rates) throw new Error(`measuring ${trial.workload}, ${trial.numerics} failed: see above`);
  return rates;
}

/** Every other process makes and measures the other revision first. */
async function compare(workload: Workload, numerics: Numerics, there: string, options: Options): Promise<Comparison> {
  const here = join(root, 'dist/index.js');
  const pairs: Pair[] = [];
  for (let i = 0; i < options.processes; i++) {
    const entries = i % 2 === 0 ? [here, there] : [there, here];
    const trial = { workload: workload.name, numerics, entries, time: 1000 * options.time, rounds: ROUNDS };
    const rates = await runTrial(trial);
    pairs.push(...rates.map((rate) => ({ here: rate[entries.indexOf(here)], there: rate[entries.indexOf(there)] })));
  }
  return { workload: workload.name, numerics, pairs };
}

async function compareAll({ commit, subject, entry }: Revision, options: Options): Promise<string> {
  const comparisons: Comparison[] = [];
  for (const workload of WORKLOADS.filter(({ name }) => options.only.includes(name))) {
    for (const numerics of options.numerics ? [options.numerics] : NUMERICS) {
      console.error(`${workload.name}  ${numerics}`);
      comparisons.push(await compare(workload, numerics, entry, options));
    }
  }
  return renderComparison(`${commit.slice(0, 10)} "${subject}"`, comparisons);
}

const [ref] = command.processedArgs as [string];
try {
  await buildLibrary();
  console.error(`building ${ref}`);
  const revision = await buildRevision(ref);
  process.once('SIGINT', () => void revision.remove().finally(() => process.exit(130)));
  try {
    console.log(await compareAll(revision, command.opts<Options>()));
  } finally {
    await revision.remove();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
