/** One's own CSV file: choose or drop it, see what was recognised, choose what to learn. */
import type { JSX, TargetedEvent } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import type { BadCell, Column, CsvTable } from '../data/csv.js';
import { canBeEither, taskOf } from '../data/csv-data.js';
import { TARGET_KINDS } from '../setting/setting.js';
import { Select } from './fields.jsx';
import { count, number } from './format.js';

/** What a chooser of files offers. */
export const CSV_FILES = '.csv,.tsv,.txt,text/csv';

export function CsvPanel({ session }: { readonly session: Session }): JSX.Element {
  const { data, csv } = useStore(session.setting);
  const table = useStore(session.csv);
  const problem = useStore(session.dataProblem);
  const choose = (event: TargetedEvent<HTMLInputElement>): void => {
    const file = event.currentTarget.files?.[0];
    // the same file again is a change too: it may have been corrected
    event.currentTarget.value = '';
    if (file) void session.openCsv(file);
  };
  return (
    <div class="csv">
      <label class="drop">
        <input type="file" accept={CSV_FILES} class="unseen" onChange={choose} />
        <b>Your own CSV</b>
        <span>Drop it on the page, or choose a file. It stays on this machine.</span>
      </label>
      <div role="alert">{problem !== undefined && <p class="notice">{problem}</p>}</div>
      {data === 'csv' && table && <Columns session={session} table={table} target={csv.target} ignored={csv.ignored} />}
    </div>
  );
}

function Columns({
  session,
  table,
  target,
  ignored,
}: {
  readonly session: Session;
  readonly table: CsvTable;
  readonly target: string;
  readonly ignored: readonly string[];
}): JSX.Element {
  const { columns, rows, skipped, file, bad, hasCommas } = table;
  const { as } = useStore(session.setting, ({ csv }) => csv);
  const use = (name: string, used: boolean): void => {
    const { csv } = session.setting.value;
    const rest = csv.ignored.filter((other) => other !== name);
    session.change({ csv: { ...csv, ignored: used ? rest : [...rest, name] } });
  };
  return (
    <>
      <p class="note">
        {file}: {count(rows)} rows{skipped > 0 && `, ${count(skipped)} more left out for a missing value`}.
        {hasCommas && ' Numbers are read with a comma, such as 1,5.'} Numbers are standardised for the network: mean 0,
        deviation 1 on the training rows.
      </p>
      {bad.length > 0 && (
        <p class="notice" role="status">
          {describeBad(bad)}
        </p>
      )}
      <Select
        label="Learn"
        value={target}
        options={columns.map(({ name }) => [name, name] as const)}
        onChange={(name) => session.chooseTarget(name)}
      />
      {canBeEither(table, target) && (
        <Select
          label="as"
          value={taskOf(table, target, as) === 'regression' ? 'numbers' : 'classes'}
          options={TARGET_KINDS.map((kind) => [kind, kind] as const)}
          onChange={(kind) => session.chooseTarget(target, kind)}
        />
      )}
      <ul class="columns" aria-label="Columns">
        {columns
          .filter(({ name }) => name !== target)
          .map((column) => (
            <li key={column.name}>
              <label>
                <input
                  type="checkbox"
                  checked={!ignored.includes(column.name)}
                  onChange={(event) => use(column.name, event.currentTarget.checked)}
                />
                <span>{column.name}</span>
                <small>{describe(column)}</small>
              </label>
            </li>
          ))}
      </ul>
    </>
  );
}

/** The first of them by name. */
function describeBad(bad: readonly BadCell[]): string {
  const [{ row, column, text }] = bad;
  const rows = new Set(bad.map((cell) => cell.row)).size;
  const others = bad.length > 1 ? `, nor are ${count(bad.length - 1)} others` : '';
  return `Row ${row}, "${column}": "${text}" is no number${others}. ${rows === 1 ? 'The row is' : `${count(rows)} rows are`} left out.`;
}

function describe(column: Column): string {
  if (column.kind === 'categories') return `${column.categories.length} categories`;
  const [low, high] = [Math.min(...column.values), Math.max(...column.values)];
  return `${number(low)} to ${number(high)}`;
}
