/** The same steps under other circumstances: another optimizer, data beyond the caches, many networks, long trained. */
import * as chainrule from 'chainrule';
import { optionsOf, SEED } from './library.js';
import { measureInterleaved, type Contestant, type Rate } from './measure.js';
import { RATE_COLUMNS, rateCells, untilSteady } from './steady.js';
import { renderTable } from './table.js';
import { makeData, shortened, WORKLOADS, type Data, type Workload } from './workloads.js';

/** Contestants that differ in one thing; the first is what the others are compared with. */
export interface Circumstance {
  readonly title: string;
  readonly names: readonly string[];
  /** Samples per second. */
  readonly rates: readonly Rate[];
}

interface Trial {
  readonly title: string;
  readonly contestants: readonly Contestant[];
  end(): Promise<void>;
}

/** 94 MB of bytes: more than any cache of one core holds. */
const LARGE = 120_000;
const NETWORKS = 256;
/** Steps after which what shrinks has become as small as it gets. */
const LONG = 20_000;

/** `seconds` for each contestant; `large` rows of the data that no cache holds, `long` steps made before. */
export async function measureCircumstances(seconds: number, large = LARGE, long = LONG): Promise<Circumstance[]> {
  const [first, second] = WORKLOADS;
  const trials = [
    () => optimizers(second),
    () => largeData(first, large),
    () => largeData(second, large),
    () => calls(WORKLOADS[4]),
    () => manyNetworks(NETWORKS),
    () => longTrained(second, long),
    () => converged(long),
  ];
  const found: Circumstance[] = [];
  for (const create of trials) {
    found.push(
      await untilSteady(
        'other circumstances',
        () => measureTrial(create, seconds),
        ({ rates }) => rates,
      ),
    );
  }
  return found;
}

async function measureTrial(create: () => Promise<Trial>, seconds: number): Promise<Circumstance> {
  const trial = await create();
  const rates = await measureInterleaved(trial.contestants, { time: 1000 * seconds, rounds: 4 });
  await trial.end();
  return { title: trial.title, names: trial.contestants.map(({ name }) => name), rates };
}

async function optimizers(workload: Workload): Promise<Trial> {
  const { sgd, adam, adamW, rmsProp, adagrad } = chainrule;
  const { rate } = workload;
  const data = makeData(workload, workload.rows, SEED);
  const entrants: [name: string, optimizer: chainrule.Optimizer][] = [
    ['SGD', sgd({ rate })],
    ['SGD with momentum', sgd({ rate, momentum: 0.9 })],
    ['Adam', adam({ rate })],
    ['AdamW', adamW({ rate })],
    ['RMSprop', rmsProp({ rate })],
    ['Adagrad', adagrad({ rate })],
  ];
  const trainings = entrants.map(([name, optimizer]) => train(name, workload, data, false, { optimizer }));
  return together(`${workload.name}, by optimizer`, await Promise.all(trainings));
}

async function largeData(workload: Workload, rows: number): Promise<Trial> {
  const small = makeData(workload, workload.rows, SEED);
  const bytes = new Uint8Array(rows * workload.inputs);
  for (let i = 0; i < bytes.length; i++) bytes[i] = 255 * small.x[i % small.x.length];
  const targets = small.y.length / workload.rows;
  const y = new (small.y.constructor as Float32ArrayConstructor | Int32ArrayConstructor)(rows * targets);
  for (let i = 0; i < y.length; i++) y[i] = small.y[i % small.y.length];
  const x = chainrule.scaled(bytes, 1 / 255);
  const megabytes = Math.round(bytes.length / 1e6);
  return together(`${workload.name}, by data`, [
    await train(`${workload.rows} rows of floats, in their order`, workload, small, false),
    await train(`${megabytes} MB of bytes, shuffled`, { ...workload, rows }, { x, y }, true),
  ]);
}

/** What a call costs beside its kernels: each step in a call of its own. */
async function calls(workload: Workload): Promise<Trial> {
  const { rows, inputs } = workload;
  const data = makeData(workload, rows, SEED);
  const resident = await train('epochs', workload, data, false);
  const net = await chainrule.createNetwork(optionsOf(chainrule, workload, 'reproducible'));
  const examples = Array.from({ length: rows }, (_, i) => ({
    x: data.x.slice(i * inputs, (i + 1) * inputs),
    y: data.y.slice(i, i + 1),
  }));
  const run = (): void => examples.forEach(({ x, y }) => net.trainBatch(x, y));
  return together(`${workload.name}, by calls`, [
    resident,
    {
      contestant: { name: 'a trainBatch for each example', samples: rows, run },
      end() {
        net.dispose();
        return Promise.resolve();
      },
    },
  ]);
}

async function manyNetworks(networks: number): Promise<Trial> {
  const workload: Workload = {
    ...shortened(WORKLOADS[1]),
    inputs: 4,
    layers: [
      { units: 16, activation: 'relu' },
      { units: 3, activation: 'softmax' },
    ],
    batchSize: 16,
  };
  const { x, y } = makeData(workload, workload.batchSize, SEED);
  const nets = await Promise.all(
    Array.from({ length: networks }, () => chainrule.createNetwork(optionsOf(chainrule, workload, 'reproducible'))),
  );
  const samples = networks * workload.batchSize;
  const everyone = (): void => nets.forEach((net) => net.trainBatch(x, y));
  const one = (): void => nets.forEach(() => nets[0].trainBatch(x, y));
  return {
    title: `4-16-3 relu, cross-entropy, ${workload.batchSize}: a trainBatch at a time`,
    contestants: [
      { name: 'one network', samples, run: one },
      { name: `${networks} networks by turns`, samples, run: everyone },
    ],
    end: () => {
      for (const net of nets) net.dispose();
      return Promise.resolve();
    },
  };
}

/** Numbers that have shrunk below the normal ones would show here: docs/numerics.md. */
async function longTrained(workload: Workload, steps: number): Promise<Trial> {
  const optimizer = chainrule.adam({ rate: workload.rate });
  const data = makeData(workload, workload.rows, SEED);
  return together(`${workload.name} with Adam`, [
    await train('fresh', workload, data, false, { optimizer }),
    await train(`after ${steps} steps`, workload, data, false, { optimizer }, steps),
  ]);
}

/** Classes apart from each other, which a network comes to tell with certainty. */
async function converged(steps: number): Promise<Trial> {
  const workload: Workload = {
    ...shortened(WORKLOADS[1]),
    inputs: 2,
    layers: [
      { units: 64, activation: 'relu' },
      { units: 64, activation: 'relu' },
      { units: 2, activation: 'softmax' },
    ],
    rows: 256,
  };
  const { x } = makeData(workload, workload.rows, SEED);
  const y = Int32Array.from({ length: workload.rows }, (_, i) => i % 2);
  for (let i = 0; i < x.length; i += 2) x[i] += y[i / 2];
  const optimizer = chainrule.adam({ rate: 0.03 });
  return together('2-64-64-2 relu, cross-entropy, 256 separable examples', [
    await train('fresh', workload, { x, y }, false, { optimizer }),
    await train('converged', workload, { x, y }, false, { optimizer }, steps),
  ]);
}

interface Training {
  readonly contestant: Contestant;
  end(): Promise<void>;
}

async function train(
  name: string,
  workload: Workload,
  { x, y }: { x: chainrule.Inputs; y: Data['y'] },
  shuffle: boolean,
  more: Partial<chainrule.NetworkOptions> = {},
  before = 0,
): Promise<Training> {
  const { rows, batchSize } = workload;
  const network = await chainrule.createNetwork({ ...optionsOf(chainrule, workload, 'reproducible'), ...more });
  const trained = Math.ceil((before * batchSize) / rows);
  if (trained) await network.fit(x, y, { epochs: trained, batchSize, shuffle });
  const epochs = network.epochs(x, y, { epochs: 2 ** 31 - 1, batchSize, shuffle });
  return {
    contestant: { name, samples: rows, run: () => epochs.next() },
    async end() {
      await epochs.return();
      network.dispose();
    },
  };
}

function together(title: string, trainings: readonly Training[]): Trial {
  return {
    title,
    contestants: trainings.map(({ contestant }) => contestant),
    async end() {
      for (const each of trainings) await each.end();
    },
  };
}

const HEADER = ['', '', ...RATE_COLUMNS, 'against the first'];

export function renderCircumstances(circumstances: readonly Circumstance[]): string {
  const rows = circumstances.flatMap(({ title, names, rates }) =>
    rates.map((rate, i) => [
      i === 0 ? title : '',
      names[i],
      ...rateCells(rate),
      `${((100 * rate.median) / rates[0].median).toFixed(1)} %`,
    ]),
  );
  return ['### Other circumstances', renderTable(HEADER, rows), 'Medians, `reproducible`.'].join('\n\n');
}
