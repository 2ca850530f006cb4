/** What every script shares: where the project is, and how it runs another program. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** How Vite serves and builds the page: it brings the library up to date first. */
export const PLAYGROUND = join(root, 'examples/playground/vite.config.ts');

/** The path of a file inside an installed package, by its specifier (`typescript/bin/tsc`). */
export const installed: (specifier: string) => string = createRequire(import.meta.url).resolve;

/** Parses a JSON file of the project. */
export async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(root, path), 'utf8'));
}

/** Does something that takes a while: says what, and how long it took. */
export async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  process.stderr.write(`${what} … `);
  const start = performance.now();
  try {
    const result = await act();
    process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
}

/** Runs a JavaScript program with this Node in `cwd` and returns what it printed; what a failed one printed is the error. */
export function runNode(args: readonly string[], cwd = root): Promise<string> {
  return run(process.execPath, args, cwd);
}

/** Runs npm in `cwd`. The npm that runs the script names itself; on Windows a bare `npm` is no program. */
export function runNpm(args: readonly string[], cwd = root): Promise<string> {
  const cli = process.env['npm_execpath'];
  return cli === undefined ? run('npm', args, cwd) : run(process.execPath, [cli, ...args], cwd);
}

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      resolve(status ?? signal);
    });
  });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}\n${output}`);
  return output;
}
