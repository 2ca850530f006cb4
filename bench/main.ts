/** `npm run bench`: the library beside the pure TypeScript trainer. `suite.ts` measures. */
import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLibrary } from '../scripts/library.js';
import { describeMachine, renderMachine } from './machine.js';
import { commandLine, onlyOption, OTHER_PARTS, parseCount, parseSeconds } from './options.js';
import type { SuiteOptions } from './suite.js';

const options = new Command('npm run bench --')
  .description(
    'Measures training on the workloads and otherwise, predictions and the start, and writes bench.json and bench.md.',
  )
  .option('--time <seconds>', 'how long each contestant is measured on each workload', parseSeconds, 1)
  .option('--threads <count>', 'measure that many threads too, beside one', parseCount, 1)
  .addOption(onlyOption(OTHER_PARTS))
  .option('--output <folder>', 'where the results go', 'results')
  .parse()
  .opts<SuiteOptions & { output: string }>();
const { output } = options;

await buildLibrary();
const { renderSuite, runSuite } = await import('./suite.js'); // it needs what was just built
const machine = describeMachine();
const findings = await runSuite(options);
const report = `${renderMachine(machine)} \`${commandLine('bench')}\`\n\n${renderSuite(findings)}`;
await mkdir(output, { recursive: true });
await writeFile(join(output, 'bench.json'), `${JSON.stringify({ machine, ...findings }, undefined, 2)}\n`);
await writeFile(join(output, 'bench.md'), `# The benchmark\n\n${report}\n`);
console.log(report);
