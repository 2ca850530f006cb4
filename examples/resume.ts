// Saves a network in the middle of its training, and goes on from the file: to the last bit as if never interrupted.
// Run it with: node --import tsx examples/resume.ts
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNetwork, cosine, dense, loadNetwork, sgd, type NetworkOptions } from 'chainrule';

const x = Array.from({ length: 100 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const y = x.map(([a, b]) => (a > b ? 1 : 0));
const options: NetworkOptions = {
  inputs: 2,
  layers: [dense(8, 'relu'), dense(1, 'sigmoid')],
  optimizer: sgd({ rate: cosine({ from: 0.1, to: 0, steps: 80 }), momentum: 0.9 }),
  seed: 11,
};

const straight = await createNetwork(options);
await straight.fit(x, y, { epochs: 20 });

const folder = mkdtempSync(join(tmpdir(), 'chainrule-'));
const file = join(folder, 'half.safetensors');
const begun = await createNetwork(options);
await begun.fit(x, y, { epochs: 10 });
writeFileSync(`${file}.part`, begun.save()); // weights, momentum, steps, schedule and the state of the shuffling
renameSync(`${file}.part`, file); // whatever ends the program, what bears the name is a whole file

const resumed = await loadNetwork(readFileSync(file));
await resumed.fit(x, y, { epochs: 10 });
console.log(`${begun.steps} steps, saved in ${begun.save().length} bytes; ${resumed.steps} steps after going on`);
console.log(`the same bits: ${Buffer.compare(straight.save(), resumed.save()) === 0}`);
rmSync(folder, { recursive: true });
