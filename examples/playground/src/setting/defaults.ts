/** What each data set begins with: a setting that learns it when one presses play. */
import { initialOptions } from './optimizers.js';
import type { DataName, LayerSetting, Setting } from './setting.js';
import { lossesFor, outputsFor, type Task, TASKS } from './tasks.js';

const tanh = (...units: number[]): LayerSetting[] => units.map((count) => ({ units: count, activation: 'tanh' }));

const LAYERS: Readonly<Record<DataName, readonly LayerSetting[]>> = {
  circle: tanh(4),
  xor: tanh(6, 4),
  gauss: tanh(2),
  spiral: tanh(12, 12),
  moons: tanh(6),
  plane: tanh(4),
  digits: [{ units: 12, activation: 'relu' }],
  csv: tanh(8),
};

const RATES: Readonly<Record<DataName, number>> = {
  ...{ circle: 0.003, xor: 0.003, gauss: 0.003, spiral: 0.01, moons: 0.003, plane: 0.003 },
  digits: 0.003,
  csv: 0.01,
};

/** The output and the loss that suit a task. */
export function outputOf(task: Task): Pick<Setting, 'output' | 'loss'> {
  const output = outputsFor(task)[0];
  return { output, loss: lossesFor(task, output)[0] };
}

/** The setting that a data set begins with. */
export function defaultSetting(data: DataName, task: Task = data === 'csv' ? 'regression' : TASKS[data]): Setting {
  return {
    data,
    noise: data === 'plane' ? 0.1 : 0.05,
    testShare: data === 'digits' ? 20 : 30,
    dataSeed: 1,
    csv: { file: '', target: '', ignored: [] },
    layers: LAYERS[data],
    ...outputOf(task),
    init: 'balanced',
    optimizer: 'adam',
    rate: RATES[data],
    options: initialOptions('adam'),
    batchSize: data === 'digits' ? 32 : 16,
    weightDecay: 0,
    clipNorm: 0,
    seed: 1,
  };
}
