/** `npm run bench`: the library beside the pure TypeScript trainer. `suite.ts` measures. */
import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLibrary } from '../scripts/library.js';
import { root } from '../scripts/project.js';
import { fillMarkers } from './markers.js';
import { commandLine, isEverything, onlyOption, parseCount, parseSeconds } from './options.js';
import type { SuiteOptions } from './suite.js';

const OTHERS = ['circumstances', 'inference', 'start'];

const command = new Command('npm run bench --')
  .description(
    'Measures training on the workloads and otherwise, predictions and the start, and writes bench.json and bench.md.',
  )
  .option('--time <seconds>', 'how long each contestant is measured on each workload', parseSeconds, 1)
  .option('--threads <count>', 'measure that many threads too, beside one', parseCount, 1)
  .addOption(onlyOption(OTHERS))
  .option('--output <folder>', 'where the results go', 'results')
  .option('--write', 'put the results into docs/benchmark.md as well; takes everything')
  .parse();
const options = command.opts<SuiteOptions & { output: string; write?: boolean }>();
const { only, output, write } = options;
if (write && !isEverything(only, OTHERS)) {
  command.error('error: --write takes everything: leave out --only');
}

await buildLibrary();
const { renderSuite, runSuite } = await import('./suite.js'); // it needs what was just built
const findings = await runSuite(options);
const report = renderSuite(findings, commandLine('bench'));
await mkdir(output, { recursive: true });
await writeFile(join(output, 'bench.json'), `${JSON.stringify(findings, undefined, 2)}\n`);
await writeFile(join(output, 'bench.md'), `# The benchmark\n\n${report}\n`);
if (write) await fillMarkers(join(root, 'docs/benchmark.md'), 'bench', report);
console.log(report);
