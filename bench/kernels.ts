/** `npm run bench:kernels`: the matrix products against the peak, and where steps spend their time. */
import { Command } from 'commander';
import { join } from 'node:path';
import { buildLibrary } from '../scripts/library.js';
import { root } from '../scripts/project.js';
import { fillMarkers } from './markers.js';
import { commandLine } from './options.js';

const { write } = new Command('npm run bench:kernels --')
  .description(
    'Measures the matrix products against the peak, and where the steps of W1 to W4 and W6 spend their time.',
  )
  .option('--write', 'put the results into docs/kernels.md as well')
  .parse()
  .opts<{ write?: boolean }>();

await buildLibrary();
const { measureKernels, renderKernels } = await import('./kernels-report.js'); // it needs what was just built
const report = renderKernels(await measureKernels(), commandLine('bench:kernels'));
if (write) await fillMarkers(join(root, 'docs/kernels.md'), 'kernels', report);
console.log(report);
