/** The scores as Markdown. */
import type { InitName } from '../../src/index.js';
import { renderMachine, type Machine } from '../machine.js';
import { renderTable } from '../table.js';
import type { Shape } from './trial.js';

/** The scores of one kind of network on one data set: seed by seed, fold by fold. */
export interface Cell extends Shape {
  readonly dataSet: string;
  readonly scores: readonly (readonly number[])[];
}

export interface Findings {
  readonly machine: Machine;
  readonly seeds: number;
  readonly cells: readonly (Cell & { readonly init: InitName })[];
  readonly scikitLearn: { readonly version: string; readonly results: readonly Cell[] };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** `command` is how it was asked for. */
export function render({ machine, seeds, cells, scikitLearn }: Findings, command: string): string {
  const dataSets = [...new Set(cells.map(({ dataSet }) => dataSet))];
  const inits = [...new Set(cells.map(({ init }) => init))];
  const of = (init: InitName): Cell[] => cells.filter((cell) => cell.init === init);
  const beside = dataSets.map((dataSet) => {
    const [ours, torch, theirs] = [of('balanced'), of('pytorch'), scikitLearn.results].map((all) =>
      all.filter((cell) => cell.dataSet === dataSet && isShared(cell, scikitLearn.results)),
    );
    return [
      dataSet,
      ...[ours, torch, theirs].map(overall),
      ...[torch, theirs].map((others) => difference(ours, others)),
    ];
  });
  const shapes = cells.filter(({ dataSet, init }) => dataSet === dataSets[0] && init === inits[0]);
  const byShape = shapes.map(({ activation, depth }) => [
    `${depth} × ${activation}`,
    ...inits.map((init) => overall(of(init).filter((cell) => isSame(cell, { activation, depth })))),
  ]);
  return [
    `${renderMachine(machine)} \`${command}\``,
    `Each score is the mean over 5 folds and ${networks(seeds)} for each, or ${networks(scikitLearn.results[0].scores.length)} of scikit-learn ${scikitLearn.version}.`,
    renderTable(
      ['', 'balanced (default)', 'pytorch', 'scikit-learn', 'lead over pytorch', 'lead over scikit-learn'],
      beside,
    ),
    'Accuracy, or R² for diabetes and friedman1, on the rows held out: the mean over one and two hidden layers of relu and of tanh. A lead is the mean difference, ± its standard error over folds and networks.',
    renderTable(['hidden layers', ...inits], byShape),
    'The mean score over all data sets.',
  ].join('\n\n');
}

const networks = (count: number): string => (count === 1 ? '1 network' : `${count} networks`);

function isSame(one: Shape, other: Shape): boolean {
  return one.activation === other.activation && one.depth === other.depth;
}

/** Whether scikit-learn was measured with this kind of network. */
function isShared(cell: Shape, results: readonly Cell[]): boolean {
  return results.some((result) => isSame(cell, result));
}

function overall(cells: readonly Cell[]): string {
  return mean(cells.flatMap(({ scores }) => scores.flat())).toFixed(3);
}

/** The mean of the differences, fold by fold, and its standard error. */
function difference(ours: readonly Cell[], others: readonly Cell[]): string {
  const differences = ours.flatMap((cell) => {
    const other = others.find((each) => isSame(each, cell));
    return other === undefined ? [] : byFold(cell).map((score, fold) => score - byFold(other)[fold]);
  });
  const lead = mean(differences);
  const variance = mean(differences.map((each) => (each - lead) ** 2));
  const error = Math.sqrt(variance / Math.max(1, differences.length - 1));
  return `${lead < 0 ? '−' : '+'}${Math.abs(lead).toFixed(3)} ± ${error.toFixed(3)}`;
}

/** The mean over the seeds, for each fold. */
function byFold({ scores }: Cell): number[] {
  return scores[0].map((_, fold) => mean(scores.map((folds) => folds[fold])));
}
