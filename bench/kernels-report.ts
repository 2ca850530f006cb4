/** What `npm run bench:kernels` measures: the matrix products against the peak, and where steps spend their time. */
import type { Numerics } from 'chainrule';
import { describeMachine, renderMachine, type Machine } from './machine.js';
import { bestPeak, compilePeak, measurePeak, type Peak } from './peak.js';
import { measureProducts, PRODUCTS, type ProductRate } from './products.js';
import { profileStep, type Profile } from './profile.js';
import { noteOnFused } from './training.js';
import { renderTable } from './table.js';
import { WORKLOADS, type Workload } from './workloads.js';

const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];
const PROFILED = ['W1', 'W2', 'W3', 'W4', 'W6'];
/** What takes less of a step with either numerics is not listed. */
const LEAST_SHARE = 0.02;

type Both<T> = Record<Numerics, T>;

export interface KernelFindings {
  readonly machine: Machine;
  readonly peak: Peak;
  readonly products: Both<ProductRate[]>;
  readonly profiles: { readonly workload: Workload; readonly steps: Both<Profile> }[];
}

async function withBoth<T>(what: string, measure: (numerics: Numerics) => Promise<T>): Promise<Both<T>> {
  const found: Partial<Both<T>> = {};
  for (const numerics of NUMERICS) {
    console.error(`${what}, ${numerics}`);
    found[numerics] = await measure(numerics);
  }
  return found as Both<T>;
}

export async function measureKernels(): Promise<KernelFindings> {
  const machine = describeMachine();
  const kernels = await compilePeak();
  const peaks = [measurePeak(kernels, 100)];
  const products = await withBoth('products', async (numerics) => {
    const rates = await measureProducts(numerics);
    peaks.push(measurePeak(kernels, 100));
    return rates;
  });
  const profiles = [];
  for (const workload of WORKLOADS.filter(({ name }) => PROFILED.includes(name))) {
    profiles.push({ workload, steps: await withBoth(workload.name, (numerics) => profileStep(workload, numerics)) });
  }
  return { machine, peak: bestPeak(peaks), products, profiles };
}

export function renderKernels({ machine, peak, products, profiles }: KernelFindings, command: string): string {
  return [
    `${renderMachine(machine)} \`${command}\``,
    `Peak ${peak.best.toFixed(1)} GFLOP/s: independent multiply-adds on 128-bit vectors, one core. The products reach these shares of it, in the middle slice and, in brackets, in the best.`,
    ...noteOnFused(peak),
    ...NUMERICS.flatMap((numerics) => [`### The products, ${numerics}`, renderProducts(products[numerics], peak.best)]),
    '### Where a step spends its time',
    `Each kernel has a clock around it, so that a step takes a little longer than it does in training. What takes less than ${percent(LEAST_SHARE)} is left out.`,
    ...profiles.map(({ workload, steps }) => renderProfile(`${workload.name}, ${workload.title}`, steps)),
  ].join('\n\n');
}

function renderProducts(rates: readonly ProductRate[], peak: number): string {
  const shapes = [...new Set(rates.map(({ shape }) => shape))];
  const rows = shapes.map((shape) => {
    const cells = PRODUCTS.map((product) => {
      const rate = rates.find((each) => each.shape === shape && each.product === product);
      return rate ? `${percent(rate.median / peak)} (${percent(rate.best / peak)})` : '';
    });
    return [shape, ...cells];
  });
  return renderTable(['rows x inputs x outputs', ...PRODUCTS], rows);
}

function renderProfile(title: string, steps: Both<Profile>): string {
  const shareOf = (name: string, { parts, microseconds }: Profile): number => {
    return (parts.find((part) => part.name === name)?.microseconds ?? 0) / microseconds;
  };
  const profiles = NUMERICS.map((numerics) => steps[numerics]);
  const names = [...new Set(profiles.flatMap(({ parts }) => parts.map(({ name }) => name)))];
  const rows = names
    .map((name) => ({ name, shares: profiles.map((profile) => shareOf(name, profile)) }))
    .filter(({ shares }) => Math.max(...shares) >= LEAST_SHARE)
    .map(({ name, shares }) => [name, ...shares.map(percent)]);
  const times = NUMERICS.map((numerics) => `${duration(steps[numerics].microseconds)}, ${numerics}`);
  return renderTable([title, ...times], rows);
}

function duration(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds.toPrecision(4)} µs` : `${(microseconds / 1000).toPrecision(4)} ms`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
