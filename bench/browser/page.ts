/** The page: measures the workloads in this browser, and shows a table for each. */
import { measureInterleaved, type Contestant } from '../measure.js';
import type { Adapter, Task, Trainer } from '../peers/adapter.js';
import * as chainrule from '../peers/adapters/chainrule.js';
import * as jax from '../peers/adapters/jax-js.js';
import * as pure from '../peers/adapters/pure-ts.js';
import * as tfjs from '../peers/adapters/tfjs.js';
import { learn, LESSONS, type Learning } from '../peers/learning.js';
import { trainingRun } from '../peers/run.js';
import { createTask } from '../peers/task.js';
import { locateTfjsFiles } from '../peers/tfjs-backend.js';
import { count } from '../table.js';
import { WORKLOADS, type Workload } from '../workloads.js';
import type { BrowserCell, BrowserContest } from './results.js';

interface Entrant {
  readonly name: string;
  readonly adapter: Adapter;
  readonly variant?: string;
}

/** TensorFlow.js with one backend: it has one at a time for all of a page, and the faster is the wasm one. */
const ENTRANTS: readonly Entrant[] = [
  { name: 'chainrule', adapter: chainrule, variant: 'reproducible' },
  { name: 'chainrule, fused', adapter: chainrule, variant: 'fused' },
  { name: 'pure TypeScript', adapter: pure },
  { name: 'jax-js', adapter: jax },
  { name: 'TensorFlow.js wasm', adapter: tfjs, variant: 'wasm' },
];

const ROUNDS = 3;

locateTfjsFiles('./'); // the server puts them beside the page

/** `seconds` for each contestant. */
async function contest(workload: Workload, seconds: number): Promise<BrowserContest> {
  const task = await createTask(workload);
  const contestants: Contestant[] = [];
  const cells: BrowserCell[] = [];
  const trainers: Trainer[] = [];
  for (const { name, adapter, variant } of ENTRANTS) {
    say(`${workload.name}: ${name} learns`);
    try {
      const learning = await learnFirst(task, adapter, variant);
      const trainer = await adapter.createTrainer!(task, variant);
      trainers.push(trainer);
      contestants.push({ name, ...(await trainingRun(trainer, task)) });
      cells.push({ name, learning });
    } catch (error) {
      cells.push({ name, missing: error instanceof Error ? error.message : String(error) });
    }
  }
  say(`${workload.name}: measuring`);
  const rates = await measureInterleaved(contestants, { time: 1000 * seconds, rounds: ROUNDS });
  for (const trainer of trainers) await trainer.end?.();
  const rateOf = ({ name }: BrowserCell): Partial<BrowserCell> => {
    const index = contestants.findIndex((each) => each.name === name);
    return index < 0 ? {} : { rate: rates[index] };
  };
  const { name, title, batchSize } = workload;
  return { name, title, batchSize, cells: cells.map((cell) => ({ ...cell, ...rateOf(cell) })) };
}

async function learnFirst(task: Task, { createTrainer }: Adapter, variant?: string): Promise<Learning> {
  const { rate, steps } = LESSONS[task.workload.name];
  const learner = await createTrainer!({ ...task, workload: { ...task.workload, rate } }, variant);
  const learning = await learn(learner, task, steps);
  await learner.end?.();
  return learning;
}

function say(text: string): void {
  document.querySelector('#progress')!.textContent = text;
}

function show({ name, title, batchSize, cells }: BrowserContest): void {
  const table = document.createElement('table');
  table.createCaption().textContent = `${name}: ${title}, batch ${batchSize}`;
  const header = table.createTHead().insertRow();
  for (const text of ['', 'samples/s', 'from – to', '× chainrule']) {
    header.append(Object.assign(document.createElement('th'), { textContent: text }));
  }
  const ours = cells[0].rate?.median;
  const body = table.createTBody();
  for (const { name: peer, rate, missing } of cells) {
    const texts = rate
      ? [count(rate.median), `${count(rate.min)} – ${count(rate.max)}`, ours ? (rate.median / ours).toPrecision(3) : '']
      : [`not measured: ${missing ?? ''}`];
    const row = body.insertRow();
    for (const text of [peer, ...texts]) row.insertCell().textContent = text;
  }
  document.querySelector('#results')!.append(table);
}

/** What run.ts calls. */
async function bench(name: string, seconds: number): Promise<BrowserContest> {
  const result = await contest(
    WORKLOADS.find((workload) => workload.name === name)!,
    seconds,
  );
  show(result);
  return result;
}

Object.assign(globalThis, { bench });
document.querySelector<HTMLButtonElement>('#start')!.addEventListener('click', ({ currentTarget }) => {
  (currentTarget as HTMLButtonElement).disabled = true;
  void (async () => {
    for (const { name } of WORKLOADS) await bench(name, 1);
    say('');
  })();
});
