import { quantity } from '../support/check.js';
import { meanOf, Random } from './arithmetic.js';
import { type Cell, formatOf, readNumber } from './cells.js';
import { type Baseline, type ReportFacts, spreadOf } from './facts.js';
import { rowsOf } from './features.js';
import { oddCells, rareNote, reported } from './findings.js';
import { importances, someRows } from './importance.js';
import { leaksOf } from './leaks.js';
import { TableModel } from './model.js';
import { checkTableOptions, type TableOptions, type TablePlan } from './options.js';
import { calibrationOf, outputsOf, type Predictor, purposeOf, scoresOf, truthOf } from './predictor.js';
import { makeReport, type Report } from './report.js';
import { readTable, type Rows, type Table } from './rows.js';
import { cutFolds, holdOut, type Ordering, readGroups, readTimes, type Split } from './split.js';
import { inferTask, labelKey, list, type Target, targetCells } from './target.js';
import { type Assignment, targetOf, train, trainLinear, type Trained } from './training.js';

/** Fewer rows are no table to learn from. */
const LEAST_ROWS = 10;
const STREAMS = { split: 0, importance: 3 };

/**
 * Makes a model of a table: finds what its columns are, holds rows out, trains, and reports. docs/tables.md says by which rules.
 *
 * @param rows an array or (async) iterable of objects, columns, or an Arrow table
 * @returns the model, and a report of what was found and how well the model predicts rows that it has not seen
 * @throws TypeError, RangeError for options, rows or columns that cannot be used, by their names; the signal's reason
 */
export async function fitTable(rows: Rows, options: TableOptions): Promise<{ model: TableModel; report: Report }> {
  const began = Date.now();
  const plan = checkTableOptions(options);
  const table = await readTable(rows);
  const { of, usable, notes } = assign(table, plan);
  const splits = splitsOf(of, plan, usable);
  const measured: Measured[] = [];
  let made: Trained | undefined;
  try {
    for (const [fold, split] of splits.entries()) {
      const target = targetOf(of, usable, split.training);
      const stage = plan.folds === undefined ? 'model' : `fold ${fold + 1} of ${splits.length}`;
      made = await train(of, target, split.training, stage);
      const last = fold === splits.length - 1;
      if (split.held.length > 0) measured.push(await measure(of, made, split, last));
      // of a cross-validation each fold's networks have done their work
      if (plan.folds !== undefined) discard(made);
    }
    if (plan.folds !== undefined) made = await train(of, targetOf(of, usable, usable), usable, 'model');
    if (!made) throw new RangeError('there is nothing to learn from');
    const { predictor } = made;
    const training = plan.folds === undefined ? splits[0].training : usable;
    const { columns, target } = predictor;
    const all = reported(columns);
    const facts: ReportFacts = {
      task: of.task,
      targets: of.targets,
      labels: target.task === 'classes' ? target.labels : [],
      seed: plan.seed,
      rows: {
        given: table.count,
        withoutTarget: table.count - usable.length,
        training: training.length,
        held: splits.reduce((sum, { held }) => sum + held.length, 0),
      },
      columns: all.filter(({ kind }) => kind !== 'ignore'),
      leftOut: all.filter(({ kind }) => kind === 'ignore'),
      ...oddCells(table, columns),
      leaks: leaksOf(table, training, columns, target),
      ...together(target, measured, plan),
      notes: [...notes, ...rareNotes(target, measured, plan)],
      learning: made.learning,
      recipe: recipeInWords(made),
      seconds: (Date.now() - began) / 1000,
    };
    return { model: new TableModel(predictor), report: makeReport(facts) };
  } catch (error) {
    discard(made);
    throw error;
  }
}

function discard(made: Trained | undefined): void {
  for (const net of made?.predictor.networks ?? []) net.dispose();
}

/** What is fixed before anything is learnt: the task, the rows that have a target, and how they are held out. */
function assign(table: Table, plan: TablePlan): { of: Assignment; usable: number[]; notes: string[] } {
  const { targets, kinds, group, time } = plan;
  if (table.count === 0) throw new RangeError('the table has no rows');
  const cells = targetCells(table, targets);
  for (const name of kinds.keys()) targetCells(table, [name]);
  const inferred = plan.task === undefined ? inferTask(cells, targets[0]) : { task: plan.task, note: undefined };
  const { task } = inferred;
  if (task === 'classes') checkClassTarget(targets);
  const formats = cells.map((column) => formatOf(column));
  const has = (row: number): boolean =>
    cells.every((column, i) =>
      task === 'classes' ? column[row] !== null : readNumber(column[row], formats[i]).value !== null,
    );
  const usable = Array.from({ length: table.count }, (_, row) => row).filter(has);
  if (usable.length < LEAST_ROWS) {
    throw new RangeError(
      `the table has ${quantity(usable.length, 'row')} with ${list(targets)}: at least ${LEAST_ROWS} are needed`,
    );
  }
  const excluded = new Map<string, string>(group === undefined ? [] : [[group, 'the groups of the split']]);
  const ordering: Ordering = {
    groups: group === undefined ? undefined : readGroups(group, targetCells(table, [group])[0]),
    times: time === undefined ? undefined : readTimes(time, targetCells(table, [time])[0]),
    classes: task === 'classes' ? classNumbers(cells[0]) : undefined,
  };
  const { seed, balanced, signal, onProgress } = plan;
  if (balanced && task === 'numbers') throw new TypeError('"classWeight" needs classes: the task is numbers');
  const of: Assignment = { table, task, targets, kinds, excluded, ordering, seed, balanced, signal, onProgress };
  return { of, usable, notes: inferred.note ? [inferred.note] : [] };
}

function checkClassTarget(targets: readonly string[]): void {
  if (targets.length > 1) throw new TypeError(`one target can be classes: got ${list(targets)}`);
  if (targets[0] === 'probabilities') {
    throw new RangeError('a target of classes cannot be named "probabilities", as a prediction has those: rename it');
  }
}

function classNumbers(cells: readonly Cell[]): number[] {
  const numbers = new Map<string, number>();
  return cells.map((cell) => {
    const key = cell === null ? '' : labelKey(cell);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}

/** What is held out. A class of one row is learnt from, since nothing else could be. */
function splitsOf({ ordering, seed }: Assignment, { holdout, folds }: TablePlan, usable: readonly number[]): Split[] {
  if (folds === undefined && holdout === 0) return [{ training: usable, held: [] }];
  const random = new Random(seed, STREAMS.split);
  const { classes } = ordering;
  const counts = new Map<number, number>();
  for (const row of usable) if (classes) counts.set(classes[row], (counts.get(classes[row]) ?? 0) + 1);
  const alone = new Set(ordering.times ? [] : usable.filter((row) => classes && counts.get(classes[row]) === 1));
  const shared = usable.filter((row) => !alone.has(row));
  const splits =
    folds === undefined ? [holdOut(shared, ordering, holdout, random)] : cutFolds(shared, ordering, folds, random);
  return splits.map(({ training, held }) => ({ training: [...training, ...alone].sort((a, b) => a - b), held }));
}

/** What is known of one split after its training. */
interface Measured {
  readonly target: Target;
  readonly outputs: Float64Array;
  readonly truth: Float64Array | Int32Array;
  readonly baselines: readonly { name: string; outputs: Float64Array }[];
  readonly importance: Awaited<ReturnType<typeof importances>>;
}

async function measure(of: Assignment, { predictor }: Trained, split: Split, last: boolean): Promise<Measured> {
  const { features, target } = predictor;
  const encoded = features.encode(of.table, split.held);
  const truth = truthOf(target, of.table, split.held);
  const outputs = await outputsOf(predictor, encoded);
  const linear = await trainLinear(of, predictor, split.training);
  try {
    const some = someRows(split.held.length);
    const width = truth.length / split.held.length;
    const someTruth = truth.filter((_, i) => some.length === split.held.length || some.includes(Math.floor(i / width)));
    const random = new Random(of.seed, STREAMS.importance);
    return {
      target,
      outputs,
      truth,
      baselines: [
        plainGuess(of, predictor, split),
        { name: 'linear model', outputs: await outputsOf(linear, encoded) },
      ],
      importance: last ? await importances(predictor, rowsOf(encoded, some), someTruth, random) : [],
    };
  } finally {
    for (const net of linear.networks) net.dispose();
  }
}

/** The shares of the classes, or the means, of the training rows. */
function plainGuess(
  of: Assignment,
  { target }: Predictor,
  { training, held }: Split,
): { name: string; outputs: Float64Array } {
  const { outputs } = purposeOf(target);
  const truth = truthOf(target, of.table, training);
  const guess = Array.from({ length: outputs }, (_, i) =>
    target.task === 'classes' ? truth.filter((label) => label === i).length / truth.length : target.means[i],
  );
  return {
    name: target.task === 'classes' ? 'majority class' : 'mean',
    outputs: Float64Array.from({ length: held.length * outputs }, (_, i) => guess[i % outputs]),
  };
}

type Results = Pick<ReportFacts, 'scores' | 'folds' | 'spread' | 'baselines' | 'calibration' | 'importance'>;

/** The scores of all held-out rows together, and of each fold. */
function together(target: Target, measured: readonly Measured[], { folds }: TablePlan): Results {
  if (measured.length === 0)
    return { scores: undefined, folds: undefined, spread: undefined, baselines: [], calibration: [], importance: [] };
  const truth = joined(measured.map((each) => each.truth));
  const outputs = joined(measured.map((each) => each.outputs));
  const baselines = measured[0].baselines.map(({ name }, i): Baseline => {
    const guess = joined(measured.map((each) => each.baselines[i].outputs));
    return { name, scores: scoresOf(target, guess, truth) };
  });
  const of = measured.map((each) => scoresOf(each.target, each.outputs, each.truth));
  return {
    scores: scoresOf(target, outputs, truth),
    folds: folds === undefined ? undefined : of,
    spread: folds === undefined ? undefined : spreadOf(of),
    baselines,
    calibration: calibrationOf(target, outputs, truth),
    importance: measured[measured.length - 1].importance,
  };
}

const joined = (parts: readonly ArrayLike<number>[]): Float64Array =>
  Float64Array.from(parts.flatMap((part) => Array.from(part)));

function rareNotes(target: Target, measured: readonly Measured[], { balanced }: TablePlan): string[] {
  if (measured.length === 0) return [];
  return rareNote(
    target,
    joined(measured.map(({ outputs }) => outputs)),
    joined(measured.map(({ truth }) => truth)),
    balanced,
  );
}

function recipeInWords({ predictor: { recipe, networks }, learning }: Trained): string {
  const epochs = Math.round(meanOf(learning.map((each) => each.epochs.length)));
  return `${quantity(networks.length, 'network')} of ${recipe.hidden.join('-')} silu, ${epochs} epochs each on average`;
}
