import { bytes } from '../support/check.js';
import type { Model } from './model.js';
import { sizeOf } from './parameters.js';

/** The layers as a table: one line each, then the totals. */
export function summarise(model: Pick<Model, 'definition' | 'plan' | 'bytes'>): string {
  const { definition, plan } = model;
  const rows = plan.nodes.map(({ name, kind, layer, inputs, tensors }) => {
    const count = tensors.reduce((sum, { shape, exists }) => sum + (exists ? sizeOf(shape) : 0), 0);
    return { cells: [name, ...kind.describe(layer, inputs), `${count}`], count };
  });
  const table = [['layer', 'shape', 'activation', 'parameters'], ...rows.map(({ cells }) => cells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  '),
  );
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return [
    ...lines,
    `${total} parameters, ${bytes(model.bytes)}`,
    `loss ${definition.loss.name}, optimizer ${definition.optimizer.name}, seed ${definition.seed}`,
  ].join('\n');
}
