/** What dropout multiplies values by, drawn as `assembly/layers/dropout.ts` says. */
import type { DropoutLayer } from '../../src/index.js';
import type { LayerNode } from '../../src/layers/graph.js';
import { seedWords } from '../../src/layers/init.js';
import { philox } from './philox.js';

const STREAM = 0x40000000;

/** The factors of `rows` rows of every layer of dropout, row by row, by `name.mask`, after `steps` steps. */
export function masksOf(
  nodes: readonly LayerNode[],
  rows: number,
  seed: number,
  steps: number,
): Record<string, number[]> {
  const masks: Record<string, number[]> = {};
  nodes.forEach(({ name, layer, outputs }, index) => {
    if (layer.kind !== 'dropout') return;
    const { rate } = layer as DropoutLayer;
    masks[`${name}.mask`] = Array.from({ length: rows * outputs }, (_, at) => {
      const [row, column] = [Math.floor(at / outputs), at % outputs];
      const words = philox([Math.floor(column / 4), row, STREAM + index, steps], seedWords(seed));
      return (words[column % 4] >>> 8) / 2 ** 24 < Math.fround(rate) ? 0 : 1 / (1 - Math.fround(rate));
    });
  });
  return masks;
}
