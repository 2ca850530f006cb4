/** What cannot be used is refused by name, and what is odd has a stated rule. */
import { describe, expect, it } from 'vitest';
import { fitTable, loadModel, type Prediction, type Rows, type TableOptions } from '../../src/tabular/index.js';
import { refusal } from '../errors/support.js';
import { houses, type Row } from './support.js';

const rows = houses(60);
const fit = (table: unknown, options: unknown = { target: 'dear' }) =>
  refusal(() => fitTable(table as Rows, options as TableOptions));

/** A table of one column beside its target. */
const beside = (cells: readonly unknown[], target: (i: number) => unknown = (i) => (i % 3 === 0 ? 'x' : 'y')): Row[] =>
  cells.map((cell, i) => ({ cell, t: target(i) }));
const without = (row: Row, ...names: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
const count = (n: number) => Array.from({ length: n }, (_, i) => (i * 7) % 23);

async function learnt(table: Rows, options: Partial<TableOptions> = {}) {
  const { model, report } = await fitTable(table, { target: 't', ...options });
  model.dispose();
  return report;
}

describe('is refused: a table', () => {
  it.each([
    [
      undefined,
      'TypeError: expected rows (an array or iterable of objects) or columns (an object of arrays, or an Arrow table): got undefined',
    ],
    [
      'a,b\n1,2',
      'TypeError: expected rows (an array or iterable of objects) or columns (an object of arrays, or an Arrow table): got "a,b\\n1,2"',
    ],
    [new Float32Array(3), 'TypeError: row 1 is 0: expected an object with a value for each column'],
    [[], 'RangeError: the table has no rows'],
    [{}, 'RangeError: the table has no rows'],
    [{ dear: [] }, 'RangeError: the table has no rows'],
    [[rows[0], null], 'TypeError: row 2 is null: expected an object with a value for each column'],
    [[[1, 2]], 'TypeError: row 1 is an array of 2: expected an object with a value for each column'],
    [
      [{ dear: { deep: 1 } }],
      'TypeError: row 1, column "dear" holds an object: expected a number, text, a boolean, a date or nothing',
    ],
    [{ dear: ['yes'], a: [1, 2] }, 'RangeError: column "a" has 2 values and column "dear" 1'],
    [{ dear: 'yes' }, 'TypeError: column "dear" is "yes": expected an array. A single row goes into an array: [row]'],
    [
      { schema: { fields: [{ name: 'a' }, { name: 'a' }] }, getChild: () => [1] },
      'TypeError: the table has two columns "a": rename one',
    ],
    [rows.slice(0, 1), 'RangeError: the table has 1 row with "dear": at least 10 are needed'],
    [
      rows.map((row) => ({ ...row, dear: 'no' })),
      'RangeError: the target "dear" has one class alone, "no": there is nothing to tell apart',
    ],
    [
      rows.map((row) => ({ ...row, dear: null })),
      'RangeError: the table has 0 rows with "dear": at least 10 are needed',
    ],
    [
      rows.map(({ dear, id }) => ({ dear, id })),
      'RangeError: no column is left to learn from: "id" are left out. Name their kinds in "columns"',
    ],
  ])('%#', async (table, message) => expect(await fit(table)).toBe(message));

  it('whose iterable fails', async () => {
    async function* broken() {
      yield await Promise.resolve(rows[0]);
      throw new Error('line 2 is torn');
    }
    expect(await fit(broken())).toBe('Error: line 2 is torn');
  });
});

describe('is refused: an option', () => {
  it.each([
    [null, 'TypeError: fitTable expects an object of options: got null'],
    [{}, 'TypeError: "target" must be the name of a column: got undefined'],
    [{ target: [] }, 'RangeError: "target" must be the name of a column, or several: got none'],
    [{ target: ['dear', 'dear'] }, 'RangeError: "target" names a column twice'],
    [{ target: 'Dear' }, 'RangeError: the table has no column "Dear": did you mean "dear"?'],
    [
      { target: 'species' },
      'RangeError: the table has no column "species": it has "id", "area", "city", "garden", "built", "country", "price", "dear"',
    ],
    [{ target: 'dear', taks: 'classes' }, 'TypeError: fitTable has no option "taks": did you mean "task"?'],
    [
      { target: 'dear', task: 'class' },
      'RangeError: "task" must be one of classes, numbers: got "class" (did you mean "classes"?)',
    ],
    [{ target: 'dear', task: 'numbers' }, 'RangeError: the table has 0 rows with "dear": at least 10 are needed'],
    [{ target: ['price', 'dear'], task: 'classes' }, 'TypeError: one target can be classes: got "price", "dear"'],
    [
      { target: 'dear', columns: { city: 'text' } },
      'RangeError: "columns.city" must be one of number, boolean, date, category, ignore: got "text"',
    ],
    [
      { target: 'dear', columns: { town: 'category' } },
      'RangeError: the table has no column "town": it has "id", "area", "city", "garden", "built", "country", "price", "dear"',
    ],
    [
      { target: 'dear', columns: { city: 'number' } },
      'RangeError: column "city" has no number: it cannot be taken for numbers',
    ],
    [
      { target: 'dear', folds: 5, holdout: 0.1 },
      'TypeError: "folds" and "holdout" exclude each other: give one of them',
    ],
    [
      { target: 'dear', group: 'city', time: 'built' },
      'TypeError: "group" and "time" exclude each other: give one of them',
    ],
    [{ target: 'dear', holdout: 1 }, 'RangeError: "holdout" must be a finite number from 0 and below 1: got 1'],
    [{ target: 'dear', folds: 1 }, 'RangeError: "folds" must be a whole number from 2 to 20: got 1'],
    [{ target: 'dear', seed: -1 }, 'RangeError: "seed" must be a whole number from 0 to 9007199254740991: got -1'],
    [{ target: 'dear', time: 'city' }, 'TypeError: "time": row 1 of column "city" is neither a date nor a number'],
    [{ target: 'price', classWeight: 'balanced' }, 'TypeError: "classWeight" needs classes: the task is numbers'],
    [{ target: 'dear', signal: {} }, 'TypeError: "signal" must be an AbortSignal: got an object'],
  ])('%#', async (options, message) => expect(await fit(rows, options)).toBe(message));

  it('and a target that is named as what stands beside it', async () => {
    const table = rows.map(({ dear, area }) => ({ probabilities: dear, area }));
    expect(await fit(table, { target: 'probabilities' })).toMatch(/^RangeError: a target of classes cannot be named/);
  });
});

describe('has a rule:', () => {
  it('a row without its target is left out', async () => {
    const report = await learnt(beside(count(60), (i) => (i % 10 === 0 ? null : i % 3 === 0 ? 'x' : 'y')));
    expect(report.rows).toEqual({ given: 60, withoutTarget: 6, training: 43, held: 11 });
  });

  it('stray cells in a column of numbers are named', async () => {
    const cells: unknown[] = count(60).map(String);
    cells[3] = '170.1*';
    cells[5] = '1e400';
    cells[9] = 'ask';
    const report = await learnt(beside(cells));
    expect(report.oddCells).toBe(3);
    expect(report.cells).toEqual([
      { row: 4, column: 'cell', cell: '170.1*', done: 'read as 170.1, without its mark' },
      { row: 6, column: 'cell', cell: '1e400', done: 'is beyond what a number holds: taken as missing' },
      { row: 10, column: 'cell', cell: 'ask', done: 'is no number: taken as missing' },
    ]);
    expect(report.text).toContain('row 4, "cell": "170.1*" read as 170.1, without its mark');
  });

  it('decimal commas are those of the column', async () => {
    const report = await learnt(beside(count(60).map((i) => `1.${100 + i},5`)));
    expect(report.columns[0].does).toMatch(/median 11\d\d.*written with a decimal comma/);
  });

  it('a column that changes its type is one of categories', async () => {
    const report = await learnt(beside(count(60).map((i, row) => (row < 30 ? i % 4 : 'abcd'[i % 4]))));
    expect(report.columns[0]).toMatchObject({
      kind: 'category',
      note: expect.stringMatching(/holds numbers and text/),
    });
  });

  it('a class of one row is learnt from', async () => {
    const report = await learnt(
      beside(count(60), (i) => (i === 7 ? 'rare' : i % 2 ? 'x' : 'y')),
      { folds: 3 },
    );
    if (report.scores?.task !== 'classes') throw new Error('classes');
    expect(report.labels).toEqual(['rare', 'x', 'y']);
    expect(report.scores.classes[0].rows).toBe(0);
    expect(report.rows.held).toBe(59);
  });

  it('whole numbers of few values are classes, and the report asks', async () => {
    const report = await learnt(beside(count(60), (i) => i % 4));
    expect(report.task).toBe('classes');
    expect(report.labels).toEqual([0, 1, 2, 3]);
    expect(report.notes[0]).toBe(
      `"t" is a whole number of 4 values: it was taken for classes; task: 'numbers' takes it for numbers`,
    );
    expect(
      (
        await learnt(
          beside(count(60), (i) => i % 4),
          { task: 'numbers' },
        )
      ).notes,
    ).toEqual([]);
    expect((await learnt(beside(count(60), (i) => i % 14))).notes[0]).toMatch(
      /it was taken for numbers; task: 'classes'/,
    );
  });

  it('an ignored column is left out, whatever it holds', async () => {
    const table = beside(count(60)).map((row) => ({ ...row, other: row['t'] }));
    expect((await learnt(table, { columns: { other: 'ignore' } })).leftOut).toEqual([
      { name: 'other', kind: 'ignore', does: 'left out: you asked for that' },
    ]);
  });

  it('columns and classes may have any names', async () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'text'];
    const columns = Object.fromEntries(names.map((name, k) => [name, count(60).map((i) => (i * (k + 2)) % 11)]));
    const classes = count(60).map((i) => (i % 2 ? '__proto__' : 'constructor'));
    const { model, report } = await fitTable(
      { ...Object.fromEntries(Object.entries(columns)), toString: classes },
      { target: 'toString' },
    );
    expect(report.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(names.slice(1)));
    const said: Prediction = model.predict(JSON.parse('{"__proto__": 3, "constructor": 4}') as object);
    expect(Object.keys(said)).toEqual(['toString', 'probabilities']);
    expect(Object.keys(said.probabilities!).sort()).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(said.probabilities)).toBe(Object.prototype);
    const again = await loadModel(model.save());
    expect(JSON.stringify(again.predict({ constructor: 4 }))).toBe(JSON.stringify(model.predict({ constructor: 4 })));
    model.dispose();
    again.dispose();
  });
});

describe('a model', () => {
  it('takes missing columns for missing cells, and passes others over', async () => {
    const { model } = await fitTable(rows, { target: 'dear' });
    const full = { ...rows[1], city: null, built: undefined };
    const less = without(rows[1], 'city', 'built');
    expect(model.predict(less)).toEqual(model.predict(full));
    expect(model.predict({ ...less, surplus: 7 })).toEqual(model.predict(less));
    expect(model.predict([])).toEqual([]);
    expect(model.predict(rows)[1]).toEqual(model.predict(rows[1]));
    expect(await model.predictTable({ area: [1, 2] })).toEqual(model.predict([{ area: 1 }, { area: 2 }]));
    expect(await refusal(() => model.predict({ surface: 3 }))).toMatch(
      /^RangeError: there is none of the columns that the model knows: "area"/,
    );
    expect(await refusal(() => model.predict(5 as never))).toMatch(/^TypeError: row 1 is 5/);
    expect(await refusal(() => model.evaluate(rows.map((row) => without(row, 'dear'))))).toMatch(
      /^RangeError: the table has no column "dear"/,
    );
    expect(await refusal(() => model.evaluate(rows.map((row) => ({ ...row, dear: 'maybe' }))))).toBe(
      'RangeError: no row has a value of "dear" that the model knows',
    );
    expect(await refusal(() => model.explain(rows[0], { of: 'maybe' }))).toBe(
      'RangeError: there is no output "maybe": the model has "no", "yes"',
    );
    model.dispose();
    model.dispose();
    for (const call of [() => model.predict(rows[0]), () => model.save(), () => model.evaluate(rows)]) {
      expect(await refusal(call)).toBe('Error: the model has been disposed');
    }
  });
});
