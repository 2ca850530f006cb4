/** Where a training step spends its time: every kernel's share, from the step with one call for each. */
import type { Numerics } from 'chainrule';
import { createKernelCalls, type KernelTable } from './kernel-calls.js';
import { chainrule, optionsOf, SEED } from './library.js';
import { makeData, type Workload } from './workloads.js';

/** A kernel's calls within a step, and the median time that they take together. */
export interface Part {
  readonly name: string;
  readonly microseconds: number;
}

export interface Profile {
  readonly parts: readonly Part[];
  /** The median step, whole. */
  readonly microseconds: number;
}

const TIME = 1500;

/** Profiles the steps of a workload. */
export async function profileStep(workload: Workload, numerics: Numerics): Promise<Profile> {
  const { rows, batchSize } = workload;
  const { x, y } = makeData(workload, rows, SEED);
  const times = new Map<string, number[]>();
  const options = optionsOf(chainrule, workload, numerics);
  const { step, end } = await createKernelCalls(options, x, y, batchSize, (kernels) => timed(kernels, times));
  const batches = Math.floor(rows / batchSize);
  const steps: number[] = [];
  let made = 0;
  const runFor = (milliseconds: number): void => {
    for (const until = performance.now() + milliseconds; performance.now() < until;) {
      const start = performance.now();
      step(made++ % batches);
      steps.push(performance.now() - start);
    }
  };
  runFor(TIME / 4);
  for (const each of [...times.values(), steps]) each.length = 0;
  runFor(TIME);
  end();
  const parts = [...times]
    .filter(([, own]) => own.length > 0)
    .map(([name, own]) => ({
      name,
      microseconds: 1000 * median(own) * (own.length / steps.length),
    }));
  return { parts: parts.sort((a, b) => b.microseconds - a.microseconds), microseconds: 1000 * median(steps) };
}

/** The kernels, each with a clock around it that tells calls of different shapes apart. */
function timed(kernels: KernelTable, times: Map<string, number[]>): KernelTable {
  // not the kernels themselves: what a proxy gives for a property of a frozen object must be that property
  return new Proxy<KernelTable>(
    {},
    {
      get(_target, property) {
        const name = String(property);
        const kernel = kernels[name];
        return (...args: number[]): number => {
          const start = performance.now();
          const result = kernel(...args);
          const key = keyOf(name, args);
          const own = times.get(key) ?? [];
          own.push(performance.now() - start);
          times.set(key, own);
          return result;
        };
      },
    },
  );
}

/** The name, and for a product its layer: inputs, and panels of 8 outputs. */
function keyOf(name: string, args: readonly number[]): string {
  if (name === 'gemmProduct') return `${name}, ${args[8]} inputs, ${args[10]} panels`;
  if (name === 'gemmGradient') return `${name}, ${args[7]} inputs, ${args[9]} panels`;
  if (name === 'gemmGradientBlocked') return `${name}, ${args[6]} inputs, ${args[8]} panels`;
  if (name === 'gemmDelta') return `${name}, ${args[9] * 8} inputs, ${args[4]} outputs`;
  return name;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
