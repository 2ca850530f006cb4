/** `npm run bench:start`: from the start of a process to the end of its first training step, beside a bare Node. */
import { Command } from 'commander';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { max, median, min } from 'simple-statistics';
import { buildNodeEntry } from '../scripts/library.js';
import { renderTable } from './table.js';

/** Milliseconds from starting a process until it has ended, of each run. */
export interface StartTimes {
  readonly bare: readonly number[];
  readonly trained: readonly number[];
}

const RUNS = 10;

/** The two by turns, after one of each that isn't counted. */
export function measureStart(): StartTimes {
  const programs = { bare: ['--eval', ''], trained: [join(import.meta.dirname, 'start-child.js')] };
  const times = { bare: [] as number[], trained: [] as number[] };
  for (let run = 0; run <= RUNS; run++) {
    for (const name of ['bare', 'trained'] as const) {
      const start = performance.now();
      execFileSync(process.execPath, programs[name], { stdio: ['ignore', 'ignore', 'inherit'] });
      if (run > 0) times[name].push(performance.now() - start);
    }
  }
  return times;
}

export function renderStart({ bare, trained }: StartTimes): string {
  const row = (name: string, times: readonly number[]): string[] => {
    const all = [...times];
    return [name, median(all).toFixed(1), `${min(all).toFixed(1)} – ${max(all).toFixed(1)}`];
  };
  const own = median([...trained]) - median([...bare]);
  return [
    '### Start',
    renderTable(
      ['process', 'ms, median', 'from – to'],
      [row('bare Node', bare), row('import, create W2, train one step', trained)],
    ),
    `From a process's start to its end, ${bare.length} of each by turns: ${own.toFixed(1)} ms beyond Node's own.`,
  ].join('\n\n');
}

if (process.argv[1] === import.meta.filename) {
  new Command('npm run bench:start --')
    .description('Measures from the start of a process to the end of its first training step, beside a bare Node.')
    .parse();
  await buildNodeEntry();
  console.log(renderStart(measureStart()));
}
