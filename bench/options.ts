/** The options that the benchmarks' commands share. */
import { InvalidArgumentError, Option } from 'commander';
import { WORKLOADS } from './workloads.js';

const NAMES: readonly string[] = WORKLOADS.map(({ name }) => name);

/** What `npm run bench` measures beside training on the workloads. */
export const OTHER_PARTS: readonly string[] = ['circumstances', 'inference', 'start'];

/** All that it measures. */
export const ALL_PARTS: readonly string[] = [...NAMES, ...OTHER_PARTS];

/** `--only W1,W4`: an array of names, all of them unless given. `more` are other names than the workloads'. */
export function onlyOption(more: readonly string[] = []): Option {
  const names = [...NAMES, ...more];
  return new Option('--only <names>', `what is measured, such as W1,W4 (of ${names.join(', ')})`)
    .argParser((text) => parseNames(text, names))
    .default(names, 'all');
}

/** In the order of `names`, and in their case. */
export function parseNames(text: string, names: readonly string[]): string[] {
  const wanted = text.split(',').map((name) => name.trim().toLowerCase());
  const unknown = wanted.find((name) => !names.some((each) => each.toLowerCase() === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`expected some of ${names.join(', ')}; got "${unknown}"`);
  return names.filter((name) => wanted.includes(name.toLowerCase()));
}

/** The command that was given, as a report tells how to repeat it. */
export function commandLine(script: string): string {
  const args = process.argv.slice(2);
  return [`npm run ${script}`, ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
}

export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds < Infinity)) throw new InvalidArgumentError('expected a positive number of seconds');
  return seconds;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!(Number.isSafeInteger(count) && count > 0)) throw new InvalidArgumentError('expected a positive whole number');
  return count;
}
