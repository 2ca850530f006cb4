import type { Encoded } from './features.js';
import { contributions, type Contribution } from './explain.js';
import { writeModel } from './file.js';
import { tellOf } from './kinds/kinds.js';
import type { KindName } from './kinds/kind.js';
import { largest } from './metrics.js';
import { knownRows, outputsNow, outputsOf, type Predictor, scoresOf, type Scores, truthOf } from './predictor.js';
import { isTable, readRow, readTable, readTableAtOnce, type Row, type Rows, type Table } from './rows.js';
import { type Label, list, targetNames, type Task } from './target.js';
import { checkOptions, describe } from '../support/check.js';

/**
 * What is said of a row: for classes the label by the target's name, and `probabilities` by the classes' names; for numbers
 * each by its target's name.
 */
export type Prediction = Readonly<Record<string, Label>> & {
  readonly probabilities?: Readonly<Record<string, number>>;
};

/** A column as a model takes it. */
export interface ModelColumn {
  readonly name: string;
  readonly kind: KindName;
  /** What is done with it. */
  readonly does: string;
}

/** A model of a table, made by `fitTable` or `loadModel`. It holds memory until it is disposed of, or collected. */
export class TableModel {
  readonly #predictor: Predictor;
  #disposed = false;

  /** @internal */
  constructor(predictor: Predictor) {
    this.#predictor = predictor;
  }

  get task(): Task {
    return this.#predictor.target.task;
  }

  /** The columns that are predicted. */
  get targets(): readonly string[] {
    return [...targetNames(this.#predictor.target)];
  }

  /** The labels, in the order of the confusion matrix; none where numbers are predicted. */
  get classes(): readonly Label[] {
    const { target } = this.#predictor;
    return target.task === 'classes' ? [...target.labels] : [];
  }

  /** The columns of the table that it was made from, but for the targets. */
  get columns(): readonly ModelColumn[] {
    return this.#predictor.columns.map((column) => ({ name: column.name, kind: column.kind, does: tellOf(column) }));
  }

  /** Where its weights and splits come from. */
  get seed(): number {
    return this.#predictor.seed;
  }

  /**
   * Predicts a row, or each of several. A column that a row lacks counts as missing, as it does in training; one that the model
   * does not know is passed over; a category that it has not seen goes to the slot for those.
   *
   * @param rows one row, or an iterable of rows, or an Arrow table
   * @throws RangeError for rows with none of the model's columns; TypeError for what is no row
   */
  predict(rows: Iterable<Row>): Prediction[];
  predict(row: Row): Prediction;
  predict(rows: Row | Iterable<Row>): Prediction | Prediction[] {
    if (!isTable(rows)) return this.#said(outputsNow(this.#alive(), this.#encode(readRow(rows))))[0];
    return this.#said(outputsNow(this.#alive(), this.#encode(readTableAtOnce(rows))));
  }

  /** As `predict`, for a whole table, in turns with the event loop. */
  async predictTable(rows: Rows): Promise<Prediction[]> {
    const encoded = this.#encode(await readTable(rows));
    return this.#said(await outputsOf(this.#alive(), encoded));
  }

  /**
   * How well it predicts a table that has its targets. Rows without one, or of a class that it does not know, do not count.
   *
   * @throws RangeError where the table has no target, or no row that counts
   */
  async evaluate(rows: Rows): Promise<Scores> {
    const table = await readTable(rows);
    const predictor = this.#alive();
    const { target } = predictor;
    const every = Array.from({ length: table.count }, (_, row) => row);
    const truth = truthOf(target, table, every);
    const known = knownRows(target, truth);
    if (known.length === 0)
      throw new RangeError(`no row has a value of ${list(targetNames(target))} that the model knows`);
    const outputs = await outputsOf(predictor, predictor.features.encode(table, known));
    return scoresOf(target, outputs, truthOf(target, table, known));
  }

  /**
   * What moved the prediction of one row: for each column the gradient with respect to its inputs times those inputs, the
   * largest first.
   *
   * @param options `of`, the class or target to explain; by default the most probable class, or the first target
   */
  explain(row: Row, options?: { of?: Label }): Contribution[] {
    const { of } = checkOptions('explain', options, ['of']);
    const predictor = this.#alive();
    const names = this.task === 'classes' ? this.classes : this.targets;
    const output = of === undefined ? undefined : names.indexOf(of as Label);
    if (output === -1)
      throw new RangeError(`there is no output ${describe(of)}: the model has ${list(names.map(String))}`);
    return contributions(predictor, this.#encode(readRow(row)), output);
  }

  /**
   * The model as a file: safetensors, which Python opens, with all that was learnt of the table in its metadata. `loadModel`
   * makes a model of it that predicts the same bits.
   */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#alive());
  }

  /** Frees its memory. It cannot be used any more. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const net of this.#predictor.networks) net.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #alive(): Predictor {
    if (this.#disposed) throw new Error('the model has been disposed');
    return this.#predictor;
  }

  #encode(table: Table): Encoded {
    return this.#alive().features.encode(table);
  }

  #said(outputs: Float64Array): Prediction[] {
    const { target } = this.#predictor;
    if (target.task === 'numbers') {
      const { names } = target;
      return Array.from({ length: outputs.length / names.length }, (_, row) =>
        // fromEntries defines properties, so that __proto__ is a name like any other
        Object.fromEntries(names.map((name, i) => [name, outputs[row * names.length + i]])),
      );
    }
    const { labels, name } = target;
    return Array.from({ length: outputs.length / labels.length }, (_, row) => {
      const at = row * labels.length;
      const probabilities = Object.fromEntries(labels.map((label, i) => [String(label), outputs[at + i]]));
      return Object.fromEntries<unknown>([
        [name, labels[largest(outputs, at, labels.length)]],
        ['probabilities', probabilities],
      ]);
    }) as Prediction[];
  }
}
