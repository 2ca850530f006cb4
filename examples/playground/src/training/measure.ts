/** Loss and accuracy on a set of examples, and which classes are taken for which. */
import type { Network } from 'chainrule';
import { classOf, type Examples } from '../data/data-set.js';
import type { Task } from '../setting/tasks.js';
import type { Confusion, Measured, Mistake } from './protocol.js';

const MOST_MISTAKES = 12;

/** The library counts hits where the loss says how; elsewhere they are counted from the outputs. */
export function measure(network: Network, task: Task, examples: Examples): Measured {
  const { loss, accuracy } = network.evaluate(examples.x, examples.y);
  if (task === 'regression')
    return { loss, accuracy: NaN, error: rootMeanSquare(network.predict(examples.x), examples.y) };
  return { loss, accuracy: accuracy ?? shareOfHits(task, network.predict(examples.x), examples), error: NaN };
}

function rootMeanSquare(outputs: Float32Array, targets: Float32Array): number {
  let sum = 0;
  targets.forEach((target, at) => (sum += (outputs[at] - target) * (outputs[at] - target)));
  return Math.sqrt(sum / targets.length);
}

function shareOfHits(task: Task, outputs: Float32Array, { count, y }: Examples): number {
  const width = y.length / count;
  let hits = 0;
  for (let at = 0; at < y.length; at += width) {
    hits += Number(classOf(task, outputs.subarray(at, at + width)) === classOf(task, y.subarray(at, at + width)));
  }
  return hits / count;
}

/** Of a network with an output for each class. */
export function confusionOf(network: Network, { x, y, count }: Examples): Confusion {
  const classes = y.length / count;
  const outputs = network.predict(x);
  const counts = new Uint32Array(classes * classes);
  const mistakes: Mistake[] = [];
  for (let index = 0; index < count; index++) {
    const row = outputs.subarray(index * classes, (index + 1) * classes);
    const truth = classOf('classes', y.subarray(index * classes, (index + 1) * classes));
    const predicted = classOf('classes', row);
    // of outputs that are no numbers none is the largest
    if (predicted < 0) continue;
    counts[truth * classes + predicted]++;
    if (predicted !== truth) mistakes.push({ index, truth, predicted, confidence: row[predicted] });
  }
  mistakes.sort((a, b) => b.confidence - a.confidence);
  return { counts, mistakes: mistakes.slice(0, MOST_MISTAKES) };
}
