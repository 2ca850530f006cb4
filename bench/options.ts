/** The options that the benchmarks' commands share. */
import { InvalidArgumentError, Option } from 'commander';
import { WORKLOADS, type Workload } from './workloads.js';

/** `--only W1,W4`: an array of workloads; all unless given. */
export function onlyOption(): Option {
  const names = WORKLOADS.map(({ name }) => name).join(', ');
  return new Option('--only <names>', `which workloads, such as W1,W4 (of ${names})`)
    .argParser(parseWorkloads)
    .default(WORKLOADS, 'all');
}

export function parseWorkloads(text: string): readonly Workload[] {
  return text.split(',').map((name) => {
    const workload = WORKLOADS.find((each) => each.name === name.trim().toUpperCase());
    if (!workload) throw new InvalidArgumentError(`there is no workload "${name}"`);
    return workload;
  });
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
