import { bytes } from '../support/check.js';
import type { Model } from './model.js';

/** The layers as a table: one line each, then the totals. */
export function summarise(model: Model): string {
  const { definition, layout } = model;
  const rows = layout.layers.map(({ inputs, outputs }, index) => {
    const { activation, bias } = definition.layers[index];
    const parameter = activation.parameter ? `(${activation.parameter})` : '';
    const count = inputs * outputs + (bias ? outputs : 0);
    return { cells: [`${index}`, `dense ${inputs} -> ${outputs}`, activation.name + parameter, `${count}`], count };
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
