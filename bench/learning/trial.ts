/** One network trained on one fold, and how it does on the rows held out. */
import { createNetwork, dense, type InitName } from '../../src/index.js';
import type { DataSet, Fold } from './data-sets.js';
import { SETTINGS } from './settings.js';

/** A network's hidden layers. */
export interface Shape {
  readonly activation: 'relu' | 'tanh';
  readonly depth: number;
}

/** The accuracy where the target is a class, R² where it is a number. */
export async function score(
  { name, inputs, classes }: DataSet,
  fold: Fold,
  { activation, depth }: Shape,
  init: InitName,
  seed: number,
): Promise<number> {
  const { units, batchSize, epochs } = SETTINGS;
  const hidden = Array.from({ length: depth }, () => dense(units, activation, { init }));
  // two classes are one sigmoid, as scikit-learn has them
  const output = classes > 2 ? dense(classes, 'softmax', { init }) : dense(1, classes ? 'sigmoid' : 'linear', { init });
  const net = await createNetwork({ inputs, layers: [...hidden, output], seed });
  try {
    await net.fit(fold.x, fold.y, { epochs: epochs[name], batchSize });
    const { loss, accuracy = 0 } = net.evaluate(fold.heldOutX, fold.heldOutY);
    return classes > 0 ? accuracy : 1 - loss / variance(fold.heldOutY);
  } finally {
    net.dispose();
  }
}

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
