/** The examples that a setting asks for. */
import type { Setting } from '../setting/setting.js';
import { TASKS } from '../setting/tasks.js';
import { makeClassic, REACH } from './classics.js';
import type { CsvTable } from './csv.js';
import { makeCsvData } from './csv-data.js';
import { split, type DataSet, type Table } from './data-set.js';
import { loadDigits, SIDE } from './digits.js';

let digits: Promise<Table> | undefined;

/** There are no examples because a file has yet to be chosen; the message asks for it. */
export class NoFile extends Error {
  override readonly name = 'NoFile';
}

/**
 * The examples, or the promise of them where they have to be loaded first.
 *
 * @throws NoFile when the setting needs a file that is not there
 * @throws CsvError when it uses one in a way that can't be
 */
export function buildDataSet(setting: Setting, csv: CsvTable | undefined): DataSet | Promise<DataSet> {
  const { data, noise, testShare, dataSeed } = setting;
  if (data === 'csv') {
    if (csv === undefined) throw new NoFile(missingFile(setting.csv.file));
    return makeCsvData(csv, setting.csv, testShare, dataSeed);
  }
  if (data === 'digits') return digitsData(testShare, dataSeed);
  const classes = TASKS[data] === 'binary' ? ['orange', 'blue'] : [];
  const both = split(makeClassic(data, noise, dataSeed), testShare, dataSeed);
  const [from, to] = [[-REACH, -REACH] as const, [REACH, REACH] as const];
  return {
    task: TASKS[data],
    inputs: ['x1', 'x2'],
    outputs: ['y'],
    classes,
    ...both,
    plane: { inputs: [0, 1], from, to },
  };
}

async function digitsData(testShare: number, seed: number): Promise<DataSet> {
  if (digits === undefined) {
    digits = loadDigits();
    // one that failed is tried again the next time
    digits.catch(() => (digits = undefined));
  }
  const table = await digits;
  const names = Array.from({ length: table.outputs }, (_, digit) => String(digit));
  const inputs = Array.from(
    { length: table.inputs },
    (_, at) => `pixel ${Math.floor(at / SIDE) + 1},${(at % SIDE) + 1}`,
  );
  return {
    task: 'classes',
    inputs,
    outputs: names,
    classes: names,
    ...split(table, testShare, seed),
    plane: undefined,
  };
}

function missingFile(file: string): string {
  return file === ''
    ? 'Choose a CSV file to learn from.'
    : `This address was made with the file ${file}, which stayed on its owner's machine. Choose that file to go on.`;
}
