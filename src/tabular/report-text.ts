import { describe, quantity } from '../support/check.js';
import { measuresOf, type ReportFacts } from './facts.js';
import type { ClassScores } from './metrics.js';

const MOST_IMPORTANT = 10;
const MOST_CLASSES = 12;

/** A report for a terminal. */
export function reportText(facts: ReportFacts): string {
  const { rows, targets, task, seconds, seed } = facts;
  const head =
    `${targets.map((name) => describe(name)).join(', ')} (${task}) from ${quantity(rows.given, 'row')}: ${rows.training} learnt from, ` +
    `${rows.held} held out${rows.withoutTarget > 0 ? `, ${rows.withoutTarget} left out without a target` : ''}`;
  const parts = [
    [head, `${facts.recipe}; seed ${seed}, ${seconds.toFixed(1)} s`],
    scoreLines(facts),
    classLines(facts),
    importanceLines(facts),
    section(
      'Calibration',
      facts.calibration.map(
        ({ rows: of, predicted, observed }) =>
          `said ${round(predicted)}, was ${round(observed)} (${quantity(of, 'row')})`,
      ),
    ),
    section(
      'Columns',
      facts.columns.map(
        ({ name, kind, does, note }) => `${describe(name)}: ${kind}; ${does}${note ? `; ${note}` : ''}`,
      ),
    ),
    section(
      'Left out',
      facts.leftOut.map(({ name, does }) => `${describe(name)}: ${does.replace('left out: ', '')}`),
    ),
    section(
      `Cells (${quantity(facts.oddCells, 'cell')} could not be taken as given)`,
      facts.cells.map(({ row, column, cell, done }) => `row ${row}, ${describe(column)}: ${describe(cell)} ${done}`),
    ),
    section(
      'Leaks',
      facts.leaks.map(
        ({ column, score }) =>
          `${describe(column)} alone predicts the target (${round(score)}): was it made from it? columns: { ${JSON.stringify(column)}: 'ignore' } leaves it out`,
      ),
    ),
    section('Notes', facts.notes),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

const round = (value: number): string => String(Number(value.toPrecision(4)));

/** The model's measures beside the baselines'. */
function scoreLines({ scores, baselines, spread, folds }: ReportFacts): string[] {
  if (!scores) return ['No rows are held out: how well it predicts is not known'];
  const columns = [scores, ...baselines.map((each) => each.scores)].map((each) => new Map(measuresOf(each)));
  const deviations = new Map(spread?.map(({ name, deviation }) => [name, deviation]));
  const table = [...columns[0].keys()].map((name) => [
    name,
    ...columns.map((column, i) => {
      const value = column.get(name);
      const deviation = i === 0 ? deviations.get(name) : undefined;
      return value === undefined ? '' : round(value) + (deviation === undefined ? '' : ` ± ${round(deviation)}`);
    }),
  ]);
  const title = folds ? `Held out, in ${folds.length} folds` : 'Held out';
  return aligned([[title, 'networks', ...baselines.map(({ name }) => name)], ...table]);
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => (line[column] ?? '').length)));
  return table.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column] + 2))).join(''),
  );
}

function classLines({ scores, labels }: ReportFacts): string[] {
  if (scores?.task !== 'classes' || labels.length > MOST_CLASSES) return [];
  const { confusion, classes }: ClassScores = scores;
  const names = labels.map(String);
  const head = ['is, down; said, across', ...names, 'recall', 'precision'];
  const lines = confusion.map((line, i) => [
    names[i],
    ...line.map(String),
    round(classes[i].recall),
    round(classes[i].precision),
  ]);
  return aligned([head, ...lines]);
}

function importanceLines({ importance, task }: ReportFacts): string[] {
  const of = task === 'classes' ? 'log loss' : 'share of variance left';
  const lines = importance
    .slice(0, MOST_IMPORTANT)
    .map(({ column, rise }) => `${describe(column)}: +${round(rise)}`.replace('+-', '-'));
  return section(`Importance (rise of the ${of} where the column is mixed)`, lines);
}
