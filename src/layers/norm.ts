import { vector } from '../engine/layout.js';
import { checkNumber, MOST_FLOAT32 } from '../support/check.js';
import type { LayerFields, TensorSpec } from './kind.js';

/*
 * What layers that standardise their inputs have in common.
 */

/** What may be added to a variance: small enough for any use, and still a positive float32. */
export const LEAST_EPSILON = 1e-30;

/** The option `epsilon` of a layer that divides by sqrt(variance + epsilon). */
export function checkEpsilon(place: string, { epsilon = 1e-5 }: Record<string, unknown>): number {
  return checkNumber(`${place}epsilon`, epsilon, { min: LEAST_EPSILON, max: MOST_FLOAT32 });
}

/** A tensor with one value a column. */
export function columns(
  field: TensorSpec['field'] & string,
  name: string,
  count: number,
  { first = 0, trained = false, min }: { first?: number; trained?: boolean; min?: number } = {},
): TensorSpec {
  return {
    name,
    field,
    shape: [count],
    packing: vector(count),
    trained,
    sparse: false,
    exists: true,
    min,
    initial: () => (first === 0 ? undefined : new Float32Array(count).fill(first)),
  };
}

/** weight and bias, one of each a column: a = weight z + bias is z at first. */
export function scaleTensors(count: number, trained: boolean): TensorSpec[] {
  return [columns('weight', 'weight', count, { first: 1, trained }), columns('bias', 'bias', count, { trained })];
}

/** How the columns are divided among threads, and lie for the optimizer: as panels of 8 with one input each. */
export function columnRecord(count: number): LayerFields {
  return { panels: Math.ceil(count / 8), panelStride: 8, isScale: 1 };
}
