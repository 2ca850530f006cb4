/** `npm run bench:kernels`: the matrix products against the peak, and where the steps of W2 and W6 spend their time. */
import type { Numerics } from 'chainrule';
import { bestPeak, compilePeak, measurePeak } from './peak.js';
import { measureProducts, PRODUCTS, type ProductRate } from './products.js';
import { profileStep, type Profile } from './profile.js';
import { WORKLOADS } from './workloads.js';

const NUMERICS: readonly Numerics[] = ['reproducible', 'fused'];
const PROFILED = ['W1', 'W2', 'W3', 'W4', 'W6'];

const kernels = await compilePeak();
const peaks = [measurePeak(kernels, 100)];
const rates = new Map<Numerics, ProductRate[]>();
for (const numerics of NUMERICS) {
  console.error(`products, ${numerics}`);
  rates.set(numerics, await measureProducts(numerics));
  peaks.push(measurePeak(kernels, 100));
}
const peak = bestPeak(peaks).best;
console.log(`128-bit peak: ${peak.toFixed(1)} GFLOP/s. Node ${process.versions.node}\n`);
for (const [numerics, own] of rates) console.log(renderRates(numerics, own, peak));

for (const { name, title, ...workload } of WORKLOADS.filter((each) => PROFILED.includes(each.name))) {
  for (const numerics of NUMERICS) {
    console.error(`${name}, ${numerics}`);
    console.log(
      renderProfile(`${name}, ${title}, ${numerics}`, await profileStep({ name, title, ...workload }, numerics)),
    );
  }
}

function renderRates(numerics: Numerics, rates: readonly ProductRate[], peak: number): string {
  const share = ({ median, best }: ProductRate): string => {
    return `${percent(median / peak)} (${percent(best / peak)})`;
  };
  const shapes = [...new Set(rates.map(({ shape }) => shape))];
  const lines = shapes.map((shape) => {
    const cells = PRODUCTS.map((product) => {
      const rate = rates.find((each) => each.shape === shape && each.product === product);
      return rate ? share(rate) : '';
    });
    return `| ${[shape, ...cells].join(' | ')} |`;
  });
  return `### ${numerics}: share of the peak, the middle slice (the best)

| rows x inputs x outputs | ${PRODUCTS.join(' | ')} |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}

function renderProfile(title: string, { parts, microseconds }: Profile): string {
  const lines = parts.map((part) => {
    return `| ${part.name} | ${part.microseconds.toFixed(2)} | ${percent(part.microseconds / microseconds)} |`;
  });
  return `### ${title}: ${microseconds.toFixed(1)} µs a step

| kernel | µs | share |
| --- | ---: | ---: |
${lines.join('\n')}
`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
