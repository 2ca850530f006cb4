import { type Examples, Labels, Slopes } from '../data/numbers.js';
import type { Engine } from '../engine/engine.js';

/** Where in the engine's memory examples lie. 0 for targets that are not there. */
export interface Source {
  readonly x: number;
  /** 0 where x is floats; what its bytes are multiplied by where it is bytes. */
  readonly inputScale: number;
  /** The largest |x|, or a bound on it. */
  readonly inputSize: number;
  /** The largest |y|; 0 where there are none, or class indices. */
  readonly targetSize: number;
  readonly y: number;
  readonly labels: number;
  /** 0 where every example weighs 1. */
  readonly weights: number;
  readonly order: number;
  /** How hits are counted; 0 where nobody asks. */
  readonly hitRule: number;
  /** Whether y is dC/da of each example in place of targets. */
  readonly given: boolean;
}

/** What there is of no examples. */
export const NOTHING: Source = {
  x: 0,
  inputScale: 0,
  inputSize: 0,
  targetSize: 0,
  y: 0,
  labels: 0,
  weights: 0,
  order: 0,
  hitRule: 0,
  given: false,
};

/** Examples as they are copied: those to predict have nothing but x. */
export type Copied = Pick<Examples, 'x' | 'first'> & { readonly [Name in 'y' | 'weights']: Examples[Name] | undefined };

/** Copies rows of examples to their places in the engine's memory, checking every value. */
export function copyExamples(
  engine: Engine,
  { x, y, weights, first }: Copied,
  from: number,
  rows: number,
  places: { x: number; y: number; weights: number },
): Source {
  const inputSize = x.copy(engine, places.x, first + from, rows);
  const targetSize = y?.copy(engine, places.y, first + from, rows) ?? 0;
  weights?.copy(engine, places.weights, first + from, rows);
  const labelled = y instanceof Labels;
  return {
    ...NOTHING,
    x: places.x,
    inputScale: x.scale,
    inputSize,
    targetSize,
    y: y && !labelled ? places.y : 0,
    labels: labelled ? places.y : 0,
    weights: weights ? places.weights : 0,
    given: y instanceof Slopes,
  };
}
