import { compilePeak } from '../peak.js';
import { PEERS } from './peers.js';
import { trainingContest, inferenceContest } from './session.js';
import { WORKLOADS } from '../workloads.js';
const [names, peers] = process.argv.slice(2);
const options = {
  kernels: await compilePeak(),
  python: '/usr/bin/python3',
  time: 0.2,
  limit: 60,
  onProgress: console.error,
};
for (const n of names.split(',')) {
  const inf = n.startsWith('I');
  const ps = PEERS.filter((p) => !peers || peers.split(',').some((q) => p.name.includes(q)));
  const t = performance.now();
  const c = inf
    ? await inferenceContest(WORKLOADS[2], Number(n.slice(1)), ps, options)
    : await trainingContest(
        WORKLOADS.find((w) => w.name === n)!,
        ps,
        options,
      );
  console.log(n, c.peak.best.toFixed(1), ((performance.now() - t) / 1000).toFixed(0) + 's');
  for (const x of c.cells) {
    const L = x.learning;
    console.log(
      x.peer.padEnd(20),
      (x.version ?? '').padEnd(14),
      (x.rate?.median ?? 0).toFixed(0).padStart(9),
      x.rate?.calls,
      x.missing ?? '',
      L
        ? `${L.before.toFixed(6)} ${L.afterFirst.toFixed(6)} ${(L.after / L.before).toFixed(3)}`
        : x.outputs?.slice(0, 3),
      x.note ?? '',
    );
  }
}
