/** `npm run build`: brings dist/ up to date. What has not changed is not made again; a line for each stage that runs. */
import { buildLibrary } from './library.js';

try {
  if (!(await buildLibrary())) console.error('dist/ is up to date');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
