/** Exercises: a place in the network and the number that is missing, drawn from a seed. */
import { Random } from '../data/random.js';
import { factorsOf, type Part } from '../session/factors.js';
import type { Focus } from '../setting/setting.js';
import type { Lens } from '../training/protocol.js';

export interface Exercise {
  readonly focus: Focus;
  readonly missing: Part;
}

/** What is drawn from: the neurons of each layer, the inputs first, and the examples. */
export interface Field {
  readonly sizes: readonly number[];
  readonly examples: number;
}

const PARTS: readonly Part[] = ['input', 'slope', 'dA', 'product'];

/** `attempt` counts the draws that came out too small to reckon with. */
export function drawExercise(seed: number, attempt: number, { sizes, examples }: Field): Exercise {
  const random = new Random(seed * 1000 + attempt);
  const below = (count: number): number => Math.floor(random.uniform() * count);
  const layer = below(sizes.length - 1);
  return {
    focus: { example: below(examples), layer, j: below(sizes[layer + 1]), k: below(sizes[layer]) },
    missing: PARTS[below(PARTS.length)],
  };
}

/** No factor is so small that its four digits would not do. */
const SMALLEST = 0.02;

export function isFair(lens: Lens): boolean {
  return factorsOf(lens).every(({ value }) => Math.abs(value) >= SMALLEST);
}

export function answerOf(lens: Lens, missing: Part): number {
  const factor = factorsOf(lens).find(({ part }) => part === missing);
  return factor?.value ?? lens.explanation.weight?.derivative ?? NaN;
}

/** Two in a hundred off is near enough: the numbers shown are rounded. */
export function isRight(given: number, answer: number): boolean {
  return Math.abs(given - answer) <= Math.max(0.02 * Math.abs(answer), 2e-4);
}
