/** The check that each contestant passes before it is timed, on the two that need no other package. */
import { expect, test } from 'vitest';
import * as chainrule from '../../bench/peers/adapters/chainrule.js';
import * as pure from '../../bench/peers/adapters/pure-ts.js';
import { agreement, learn, LEARNT, LESSONS, meanLoss } from '../../bench/peers/learning.js';
import { onlineRate } from '../../bench/peers/online.js';
import { predictionRun, trainingRun } from '../../bench/peers/run.js';
import { createTask } from '../../bench/peers/task.js';
import { WORKLOADS } from '../../bench/workloads.js';

const small = WORKLOADS.filter(({ name }) => ['W1', 'W2', 'W3', 'W4', 'W5'].includes(name));

test.each(small)('$name is learnt in its lesson, and both contestants agree on the first step', async (workload) => {
  const task = await createTask(workload);
  const { rate, steps } = LESSONS[workload.name];
  const lesson = { ...task, workload: { ...task.workload, rate } };
  const ours = await learn(await chainrule.createTrainer(lesson), task, steps);
  const theirs = await learn(pure.createTrainer(lesson), task, steps);
  expect(ours.after / ours.before).toBeLessThan(LEARNT);
  expect(theirs.after / theirs.before).toBeLessThan(LEARNT);
  expect(agreement(theirs, ours)).toBe('before and after');
});

test('agreement tells other weights from another step', () => {
  const ours = { before: 2, afterFirst: 1.5, steps: 1, after: 1 };
  expect(agreement({ ...ours, afterFirst: 1.6 }, ours)).toBe('before');
  expect(agreement({ ...ours, before: 2.1 }, ours)).toBe('no');
});

test('the losses are those of the workloads', () => {
  const [targets, labels] = [Float32Array.of(1, 0, 0, 1), Int32Array.of(0, 1)];
  const outputs = [0.5, 0.5, 0.25, 0.75];
  expect(meanLoss('quadratic', outputs, targets, 2, 2)).toBe((0.5 + 0.125) / 2);
  expect(meanLoss('mse', outputs, targets, 2, 2)).toBe((0.5 + 0.125) / 4);
  expect(meanLoss('crossEntropy', outputs, labels, 2, 2)).toBeCloseTo(-(Math.log(0.5) + Math.log(0.75)) / 2, 12);
  expect(meanLoss('quadratic', outputs, labels, 2, 2)).toBe((0.5 + 0.125) / 2);
});

test('the steps of single examples add up to the step of their batch', () => {
  const [w1, , , w4] = WORKLOADS;
  expect(onlineRate(w1) * w1.batchSize).toBeCloseTo(2 * w1.rate, 12);
  expect(onlineRate(w4) * w4.batchSize).toBeCloseTo(2 * w4.rate, 12);
});

test('a run takes the steps of an epoch in turn, as many in a call as the clock needs', async () => {
  const task = await createTask(WORKLOADS[3]);
  const steps: number[] = [];
  const step = (index: number): void => void steps.push(index);
  const { samples, run } = await trainingRun({ step, outputs: () => [] }, task);
  expect(samples % 64).toBe(0);
  steps.length = 0;
  await run();
  expect(steps.length).toBe(samples / 64);
  expect(steps[1]).toBe((steps[0] + 1) % 512);
  expect(steps.every((index) => index >= 0 && index < 512)).toBe(true);
});

test('predictions that are promised are awaited one after the other', async () => {
  const task = await createTask(WORKLOADS[3]);
  let [under, calls] = [0, 0];
  const predict = async (): Promise<number[]> => {
    expect(under++).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1));
    under--;
    calls++;
    return [];
  };
  const { samples, run } = await predictionRun({ predict }, task, 1);
  calls = 0;
  await run();
  expect(calls).toBe(samples);
});
