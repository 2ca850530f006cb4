/** The data sets: the same from the same seed, and learnable. */
import { expect, it } from 'vitest';
import { makeClassic, type ClassicName } from '../../examples/playground/src/data/classics.js';
import { CsvError, parseCsv } from '../../examples/playground/src/data/csv.js';
import {
  canBeEither,
  encodeRow,
  inputColumns,
  likelyTarget,
  makeCsvData,
  taskOf,
  unusable,
} from '../../examples/playground/src/data/csv-data.js';
import { split, splitRows } from '../../examples/playground/src/data/data-set.js';
import { unscaled } from '../../examples/playground/src/data/scaling.js';
import { PIXELS, readDigits } from '../../examples/playground/src/data/digits.js';

const NAMES: ClassicName[] = ['circle', 'xor', 'gauss', 'spiral', 'moons', 'plane'];

it.each(NAMES)('%s is the same from the same seed, and another from another', (name) => {
  const table = makeClassic(name, 0.1, 3);
  expect(makeClassic(name, 0.1, 3)).toEqual(table);
  expect(makeClassic(name, 0.1, 4).x).not.toEqual(table.x);
  expect(table.count).toBe(500);
  // multiples of 2^-12, so that the engines' sines can't differ
  expect(table.x.every((value) => Number.isInteger(value * 4096) && Math.abs(value) < 4)).toBe(true);
});

it('noise moves the points, and by about as much as it says', () => {
  const [still, moved] = [makeClassic('gauss', 0, 1), makeClassic('gauss', 0.3, 1)];
  expect(moved.x).not.toEqual(still.x);
  const deviation = ({ x }: { x: Float32Array }) =>
    Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length);
  expect(deviation(moved) ** 2 - deviation(still) ** 2).toBeCloseTo(0.09, 1);
});

it('a split parts the examples, and keeps each with its target', () => {
  const table = makeClassic('xor', 0, 1);
  const { train, test } = split(table, 30, 1);
  expect([train.count, test.count]).toEqual([350, 150]);
  const all = [...train.x, ...test.x].sort();
  expect(all).toEqual([...table.x].sort());
  for (const { x, y, count } of [train, test]) {
    for (let i = 0; i < count; i++) expect(y[i]).toBe(Number(x[2 * i] * x[2 * i + 1] > 0));
  }
  expect(split(table, 30, 2).test.x).not.toEqual(test.x);
});

it('digits are read as pictures and rows', () => {
  const bytes = new Uint8Array(2 * (PIXELS + 1));
  bytes.set([7, 0, 128], 0);
  bytes.set([2, 255], PIXELS + 1);
  const { x, y, count } = readDigits(bytes);
  expect(count).toBe(2);
  expect([y[7], y[10 + 2], y.reduce((a, b) => a + b)]).toEqual([1, 1, 2]);
  expect([x[1], x[PIXELS]]).toEqual([0.5, 255 / 256]);
  expect(() => readDigits(bytes.subarray(1))).toThrow('multiple of 785');
});

const csv = (header: string, row: (i: number) => string, count = 20) =>
  parseCsv([header, ...Array.from({ length: count }, (_, i) => row(i))].join('\n'), 'mine.csv');

it('columns are recognised, and rows with a gap left out', () => {
  const table = csv('size, kind ,name', (i) => `${i === 3 ? 'NA' : i / 2},${i % 3 ? 'a' : 'b'},person ${i}`);
  expect(table.rows).toBe(19);
  expect(table.skipped).toBe(1);
  expect(table.columns.map(({ kind, name }) => [name, kind])).toEqual([
    ['size', 'numbers'],
    ['kind', 'categories'],
    ['name', 'categories'],
  ]);
  expect(likelyTarget(table)).toBe('kind');
  expect(unusable(table)).toEqual(['name']);
});

it('inputs are standardised by the training rows alone, and categories become columns', () => {
  const table = csv('size,colour,y', (i) => `${1000 + i},${['red', 'green', 'blue'][i % 3]},${i % 2}`, 30);
  const data = makeCsvData(table, { file: 'mine.csv', target: 'y', ignored: [] }, 30, 1);
  expect(data.task).toBe('binary');
  expect(data.inputs).toEqual(['size', 'colour=blue', 'colour=green', 'colour=red']);
  for (let column = 0; column < 4; column++) {
    const values = [...data.train.x].filter((_, at) => at % 4 === column);
    const mean = values.reduce((a, b) => a + b) / values.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(values.reduce((sum, value) => sum + value * value, 0) / values.length).toBeCloseTo(1, 5);
  }
  // a row that is held out changes nothing of the scaling
  const { train } = splitRows(30, 30, 1);
  const odd = csv(
    'size,colour,y',
    (i) => {
      return `${train.includes(i) ? 1000 + i : 1e6},${['red', 'green', 'blue'][i % 3]},${i % 2}`;
    },
    30,
  );
  const other = makeCsvData(odd, { file: 'mine.csv', target: 'y', ignored: [] }, 30, 1);
  expect(other.scaling).toEqual(data.scaling);
  expect(other.train.x).toEqual(data.train.x);
  expect(other.test.x).not.toEqual(data.test.x);
});

it('a row of one’s own goes in as those of the file do', () => {
  const table = csv('size,colour,y', (i) => `${1000 + i},${['red', 'green', 'blue'][i % 3]},${i / 2}`, 30);
  const setting = { file: 'mine.csv', target: 'y', ignored: [] };
  const { train, scaling } = makeCsvData(table, setting, 30, 1);
  const [row] = splitRows(30, 30, 1).train;
  const columns = inputColumns(table, setting);
  const own = encodeRow(columns, [String(1000 + row), ['red', 'green', 'blue'][row % 3]], scaling!.inputs);
  expect(own).toEqual(train.x.subarray(0, 4));
  expect(unscaled(scaling!.targets[0], train.y[0])).toBeCloseTo(row / 2, 5);
});

it.each([
  ['points', ';', (i: number) => `${i}.5`, 3.5],
  ['decimal commas', ';', (i: number) => `${i},5`, 3.5],
  ['decimal commas and points between thousands', ';', (i: number) => `1.00${i % 10},25`, 1003.25],
  ['quoted decimal commas', ',', (i: number) => `"${i},5"`, 3.5],
  ['commas between thousands', ',', (i: number) => `"1,00${i % 10}.25"`, 1003.25],
  ['commas alone are decimal where semicolons part the columns', ';', (i: number) => `1,00${i % 10}`, 1.003],
])('numbers with %s are read', (_, delimiter, cell, third) => {
  const { columns, bad } = csv(['a', 'y'].join(delimiter), (i) => `${cell(i)}${delimiter}${i}`);
  expect(columns[0].kind).toBe('numbers');
  expect(columns[0].values[3]).toBe(third);
  expect(bad).toEqual([]);
});

it('a cell that is no number among numbers is named, and its row left out', () => {
  const table = csv('size,kind', (i) => `${i === 7 ? '1.2.3' : i},${i % 2 ? 'a' : 'b'}`);
  expect(table.bad).toEqual([{ row: 9, column: 'size', text: '1.2.3' }]);
  expect([table.rows, table.skipped, table.columns[0].kind]).toEqual([19, 0, 'numbers']);
});

it('numbers are classes, or classes numbers, when a person says so', () => {
  const table = csv('a,grade,flag', (i) => `${i},${i % 4},${i % 2}`);
  expect([canBeEither(table, 'a'), canBeEither(table, 'grade'), canBeEither(table, 'flag')]).toEqual([
    false,
    true,
    true,
  ]);
  const taken = makeCsvData(table, { file: '', target: 'grade', as: 'classes', ignored: [] }, 30, 1);
  expect([taken.task, taken.classes]).toEqual(['classes', ['0', '1', '2', '3']]);
  expect(taskOf(table, 'flag', 'numbers')).toBe('regression');
  expect(() => makeCsvData(table, { file: '', target: 'a', as: 'classes', ignored: [] }, 30, 1)).toThrow(
    '20 different values: expected 2 to 10',
  );
});

it('the target decides the task', () => {
  const table = csv('a,b,c,d', (i) => `${i},${i % 2 ? 'yes' : 'no'},${i % 4},${'wxyz'[i % 4]}`);
  expect(['a', 'b', 'c', 'd'].map((name) => taskOf(table, name))).toEqual([
    'regression',
    'binary',
    'regression',
    'classes',
  ]);
});

it.each([
  ['a,a', '1,2', 'two columns named "a"'],
  ['a,', '1,2', 'Column 2 of mine.csv has no name'],
])('%s is refused', (header, row, message) => {
  expect(() => csv(header, () => row)).toThrow(CsvError);
  expect(() => csv(header, () => row)).toThrow(message);
});

it('a target of too many classes is refused, and one without inputs', () => {
  const table = csv('a,b', (i) => `${i},name ${i}`);
  expect(() => makeCsvData(table, { file: '', target: 'b', ignored: [] }, 30, 1)).toThrow(
    '20 different values: expected 2 to 10',
  );
  expect(() => makeCsvData(table, { file: '', target: 'a', ignored: ['b'] }, 30, 1)).toThrow('No column is left');
});

it('free text that is ticked all the same is refused, before it is made inputs of', () => {
  const text = Array.from({ length: 10_000 }, (_, i) => `name ${i},${i % 7},${i % 2}`);
  const table = parseCsv(['name,a,y', ...text].join('\n'), 'mine.csv');
  expect(() => makeCsvData(table, { file: '', target: 'y', ignored: [] }, 30, 1)).toThrow(
    'The columns make 10001 inputs, and the page takes up to 768. ' +
      '"name" alone has 10000 categories, an input each: leave it out.',
  );
  expect(makeCsvData(table, { file: '', target: 'y', ignored: ['name'] }, 30, 1).inputs).toEqual(['a']);
});
