/** `npm run playground`: serves the page, and opens it. */
import { Command, InvalidArgumentError } from 'commander';
import { createServer } from 'vite';
import { PLAYGROUND } from './project.js';

interface Options {
  port: number;
  host: string;
  open: boolean;
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65535) throw new InvalidArgumentError('Expected a whole number from 0 to 65535.');
  return value;
}

const options = new Command('npm run playground --')
  .description('Serves the playground from this machine, and opens it in the browser. Ctrl+C stops it.')
  .option('--port <number>', 'where it is served; the next one where that is taken', port, 5173)
  .option('--host <name>', 'what it listens on; 0.0.0.0 lets other machines in', 'localhost')
  .option('--no-open', 'serve it only')
  .parse()
  .opts<Options>();

const server = await createServer({ configFile: PLAYGROUND, server: options });
await server.listen();
server.printUrls();
