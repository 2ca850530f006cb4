/**
 * `npm run bench:learning`: how well small data sets are learnt from each initialisation, and from the library's
 * defaults beside scikit-learn's.
 */
import { Command, Option } from 'commander';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InitName } from '../../src/index.js';
import { root } from '../../scripts/project.js';
import { describeMachine } from '../machine.js';
import { parseCount, parseNames } from '../options.js';
import { readDataSet } from './data-sets.js';
import { mean, render, type Findings } from './report.js';
import { DATA_SETS, score, type Shape } from './trial.js';

const INITS: readonly InitName[] = ['balanced', 'pytorch', 'he', 'glorot'];

const SHAPES: readonly Shape[] = (['relu', 'tanh'] as const).flatMap((activation) =>
  [1, 2, 4, 8].map((depth) => ({ activation, depth })),
);

interface Options {
  seeds: number;
  only: readonly string[];
  output: string;
  record?: true;
}

function readOptions(): Options {
  return new Command('bench:learning')
    .description(
      'Trains small networks from each initialisation on small data sets, and writes learning.json and learning.md.',
    )
    .option('--seeds <count>', 'networks for each fold of each data set', parseCount, 1)
    .addOption(
      new Option('--only <names>', `which data sets (of ${DATA_SETS.join(', ')})`)
        .argParser((text) => parseNames(text, DATA_SETS))
        .default(DATA_SETS, 'all'),
    )
    .option('--output <folder>', 'where the results go', 'results')
    .option('--record', 'put the tables into docs/learning.md too')
    .parse()
    .opts<Options>();
}

async function measure(dataSets: readonly string[], seeds: number): Promise<Findings['cells']> {
  const cells: Findings['cells'][number][] = [];
  for (const dataSet of dataSets) {
    const data = await readDataSet(dataSet);
    for (const shape of SHAPES) {
      for (const init of INITS) {
        const scores: number[][] = [];
        for (let seed = 0; seed < seeds; seed++) {
          scores[seed] = [];
          for (const fold of data.folds) scores[seed].push(await score(data, fold, shape, init, seed));
        }
        cells.push({ dataSet, ...shape, init, scores });
        console.error(`${dataSet}  ${shape.depth} × ${shape.activation}  ${init}  ${mean(scores.flat()).toFixed(3)}`);
      }
    }
  }
  return cells;
}

/** Puts the tables between the markers of the guide. */
async function record(report: string): Promise<void> {
  const path = join(root, 'docs/learning.md');
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    text.replace(/(?<=<!-- bench -->\n)[^]*(?=<!-- \/bench -->)/, () => `\n${report}\n\n`),
  );
}

const { seeds, only, output, record: recorded } = readOptions();
const recordedScores = await readFile(new URL('scikit-learn.json', import.meta.url), 'utf8');
const findings: Findings = {
  machine: describeMachine(),
  seeds,
  cells: await measure(only, seeds),
  scikitLearn: JSON.parse(recordedScores) as Findings['scikitLearn'],
};
const report = render(findings);
await mkdir(output, { recursive: true });
await writeFile(join(output, 'learning.json'), `${JSON.stringify(findings)}\n`);
await writeFile(join(output, 'learning.md'), `${report}\n`);
if (recorded) await record(report);
console.log(report);
