import type { Network } from '../index.js';
import { type Encoded, inputsOf } from './features.js';
import { largest } from './metrics.js';
import { outputsNow, type Predictor } from './predictor.js';

/** What a column did to one prediction. */
export interface Contribution {
  readonly column: string;
  /** How much its values moved the output: a probability, or the number in its own units. */
  readonly moved: number;
}

/**
 * What moved an output of one row: for each column the gradient with respect to its inputs, averaged over the networks, times
 * those inputs, which are 0 for the middle of a number. Where a column goes to an embedding, which has no gradient with
 * respect to an index, it is the change from the slot of unseen categories. The largest come first.
 *
 * @param output which output; by default the most probable class
 */
export function contributions(predictor: Predictor, encoded: Encoded, output?: number): Contribution[] {
  const { features, networks, target } = predictor;
  const outputs = outputsNow(predictor, encoded);
  const which = output ?? (target.task === 'classes' ? largest(outputs, 0, outputs.length) : 0);
  const dA = new Float32Array(outputs.length);
  dA[which] = 1;
  const slopes = networks.map((net: Network) => net.backward(inputsOf(encoded), dA).inputs);
  const unit = target.task === 'classes' ? 1 : target.deviations[which];
  const along = (value: number, at: number): number =>
    slopes.reduce((sum, slope) => sum + (slope[at] * value * unit) / networks.length, 0);
  const moved = features.places.map(({ name, encoder, at, part }) => {
    let sum = 0;
    if (part !== undefined) sum += outputs[which] - outputsNow(predictor, unseen(encoded, part))[which];
    for (let i = at; i < at + encoder.width; i++) sum += along(encoded.plain[i], i);
    return { column: name, moved: sum };
  });
  return moved.sort((a, b) => Math.abs(b.moved) - Math.abs(a.moved));
}

function unseen(encoded: Encoded, part: string): Encoded {
  return { ...encoded, indices: new Map(encoded.indices).set(part, Int32Array.of(0)) };
}
