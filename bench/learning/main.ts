/** `npm run bench:learning`: how well small data sets are learnt. `measure.ts` measures. */
import { Command, Option } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLibrary } from '../../scripts/library.js';
import { root } from '../../scripts/project.js';
import { fillMarkers } from '../markers.js';
import { commandLine, parseCount, parseNames } from '../options.js';
import { DATA_SETS } from './settings.js';

interface Options {
  seeds: number;
  only: readonly string[];
  output: string;
  write?: boolean;
}

const command = new Command('npm run bench:learning --')
  .description(
    'Trains small networks from each initialisation on small data sets, and writes learning.json and learning.md; some ten minutes.',
  )
  .option('--seeds <count>', 'how many networks for each fold of each data set', parseCount, 1)
  .addOption(
    new Option('--only <names>', `which data sets (of ${DATA_SETS.join(', ')})`)
      .argParser((text) => parseNames(text, DATA_SETS))
      .default(DATA_SETS, 'all'),
  )
  .option('--output <folder>', 'where the results go', 'results')
  .option('--write', 'put the results into docs/learning.md as well; takes everything')
  .parse();
const { seeds, only, output, write } = command.opts<Options>();
if (write && only.length < DATA_SETS.length) command.error('error: --write takes everything: leave out --only');

await buildLibrary();
const [{ measure }, { render }] = await Promise.all([import('./measure.js'), import('./report.js')]);
const findings = await measure(only, seeds);
const report = render(findings, commandLine('bench:learning'));
await mkdir(output, { recursive: true });
await writeFile(join(output, 'learning.json'), `${JSON.stringify(findings)}\n`);
await writeFile(join(output, 'learning.md'), `${report}\n`);
if (write) await fillMarkers(join(root, 'docs/learning.md'), 'learning', report);
console.log(report);
