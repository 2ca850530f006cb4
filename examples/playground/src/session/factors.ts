/** The parts of the chain, which formula, picture and code have in common. */
import type { Lens } from '../training/protocol.js';

export type Part = 'input' | 'slope' | 'dA' | 'product';

/** After a softmax every output moves with z: a slope of its own it has not. */
export function isSoftmax({ focus, explanation }: Lens): boolean {
  return explanation.layers[focus.layer].jacobian !== undefined;
}

/** The factors of the example's derivative: three, or after a softmax two. */
export function factorsOf(lens: Lens): readonly { readonly part: Part; readonly value: number }[] {
  const { weight } = lens.explanation;
  if (!weight) return [];
  const input = { part: 'input', value: weight.input } as const;
  if (isSoftmax(lens)) return [input, { part: 'dA', value: weight.delta }];
  return [input, { part: 'slope', value: weight.slope }, { part: 'dA', value: weight.dA }];
}
