/** The process of a contestant in JavaScript: `host.ts <folder of the task> <adapter> [variant]`. */
import { createInterface } from 'node:readline';
import { measureRounds } from '../measure.js';
import type { Adapter, Task } from './adapter.js';
import { learn, type Lesson } from './learning.js';
import type { Reply, Request } from './protocol.js';
import { predictionRun, trainingRun, type Run } from './run.js';
import { readTask } from './task-files.js';

const [folder, name, variant] = process.argv.slice(2);
const task = await readTask(folder);
let run: Run | undefined;

async function answer(request: Request): Promise<Reply> {
  switch (request.do) {
    case 'train':
      return startTraining(await load(name), task, request.lesson);
    case 'predict':
      return startPredicting(await load(name), task, request.batchSize);
    case 'measure': {
      const [[latencies]] = await measureRounds([{ name, ...run! }], { time: request.milliseconds, rounds: 1 });
      return { is: 'measured', latencies, samples: run!.samples };
    }
  }
}

async function load(adapter: string): Promise<Adapter> {
  return (await import(`./adapters/${adapter}.js`)) as Adapter;
}

/** A trainer that learns, and another that is timed. */
async function startTraining({ createTrainer }: Adapter, given: Task, { rate, steps }: Lesson): Promise<Reply> {
  const learner = await createTrainer!({ ...given, workload: { ...given.workload, rate } }, variant);
  const learning = await learn(learner, given, steps);
  await learner.end?.();
  const trainer = await createTrainer!(given, variant);
  run = await trainingRun(trainer, given);
  return { is: 'ready', found: { learning, ...(trainer.note && { note: trainer.note }) } };
}

async function startPredicting({ createPredictor }: Adapter, given: Task, batchSize: number): Promise<Reply> {
  const predictor = await createPredictor!(given, batchSize, variant);
  const outputs = Array.from(await predictor.predict(0)).slice(0, given.parameters.at(-1)!.biases.length);
  run = await predictionRun(predictor, given, batchSize);
  return { is: 'ready', found: { outputs } };
}

function failure(error: unknown): Reply {
  const { code, message } = error as NodeJS.ErrnoException;
  return { is: 'failed', reason: code === 'ERR_MODULE_NOT_FOUND' ? 'not installed' : (message ?? String(error)) };
}

console.log = console.error; // replies alone go to stdout, whatever a peer likes to print
for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Request).catch(failure);
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(); // some peers leave something running
