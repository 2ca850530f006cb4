/** What a network can be asked to do, and which outputs and losses fit that. */
import type { ActivationName, LossName } from 'chainrule';
import type { DataName } from './setting.js';

/** Two classes by one output, more classes by one output each, or a number. */
export type Task = 'binary' | 'classes' | 'regression';

/** The task of each data set but the CSV file, whose target decides. */
export const TASKS: Readonly<Record<Exclude<DataName, 'csv'>, Task>> = {
  circle: 'binary',
  xor: 'binary',
  gauss: 'binary',
  spiral: 'binary',
  moons: 'binary',
  plane: 'regression',
  digits: 'classes',
};

const OUTPUTS: Readonly<Record<Task, readonly ActivationName[]>> = {
  binary: ['sigmoid', 'tanh', 'linear'],
  classes: ['softmax', 'sigmoid', 'linear'],
  regression: ['linear', 'tanh', 'sigmoid'],
};

const DISTANCES: readonly LossName[] = ['quadratic', 'mse', 'mae', 'huber', 'smoothL1'];

/** The activations that the output layer may have, the usual one first. */
export function outputsFor(task: Task): readonly ActivationName[] {
  return OUTPUTS[task];
}

/** The losses that suit a task and what comes out of the last layer, the usual one first. */
export function lossesFor(task: Task, output: ActivationName): readonly LossName[] {
  if (output === 'softmax') return ['crossEntropy', ...DISTANCES];
  if (output === 'sigmoid' && task !== 'regression') return ['binaryCrossEntropy', ...DISTANCES];
  return ['mse', ...DISTANCES.filter((name) => name !== 'mse')];
}
