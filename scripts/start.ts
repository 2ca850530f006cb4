/** `npm start`: checks the options of the example, builds what it needs, and runs it. */
import { parseOptions } from '../examples/digits/options.js';
import { buildNodeEntry } from './library.js';

parseOptions(process.argv.slice(2));
try {
  await buildNodeEntry();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await import('../examples/digits/main.js');
