/** One's own CSV file: choose or drop it, see what was recognised, choose what to learn. */
import type { JSX, TargetedEvent } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import type { Column, CsvTable } from '../data/csv.js';
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
  const { columns, rows, skipped, file } = table;
  const use = (name: string, used: boolean): void => {
    const { csv } = session.setting.value;
    const rest = csv.ignored.filter((other) => other !== name);
    session.change({ csv: { ...csv, ignored: used ? rest : [...rest, name] } });
  };
  return (
    <>
      <p class="note">
        {file}: {count(rows)} rows{skipped > 0 && `, ${count(skipped)} more left out for a missing value`}. Inputs are
        standardised: mean 0, deviation 1.
      </p>
      <Select
        label="Learn"
        value={target}
        options={columns.map(({ name }) => [name, name] as const)}
        onChange={(name) => session.chooseTarget(name)}
      />
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

function describe(column: Column): string {
  if (column.kind === 'categories') return `${column.categories.length} categories`;
  const [low, high] = [Math.min(...column.values), Math.max(...column.values)];
  return `${number(low)} to ${number(high)}`;
}
