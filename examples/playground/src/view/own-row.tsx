/** A row of one's own: a field for each column, and what the network says of it, in the target's own unit. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Column, CsvTable } from '../data/csv.js';
import { encodeRow, inputColumns } from '../data/csv-data.js';
import type { DataSet } from '../data/data-set.js';
import { unscaled, type Scaling } from '../data/scaling.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly } from '../session/watch.js';
import { NumberField, Select } from './fields.jsx';
import { number, percent } from './format.js';

/** Fields for more columns would fill the page. */
const MOST_FIELDS = 24;

export function OwnRow({ session }: { readonly session: Session }): JSX.Element | null {
  const { data, csv } = useStore(session.setting);
  const table = useStore(session.csv);
  const dataSet = useStore(session.dataSet);
  if (data !== 'csv' || !table || !dataSet?.scaling) return null;
  const columns = inputColumns(table, csv);
  if (columns.length > MOST_FIELDS) return null;
  const key = [table.file, ...columns.map(({ name }) => name)].join();
  return <Row key={key} {...{ session, table, columns }} scaling={dataSet.scaling} />;
}

interface RowProps {
  readonly session: Session;
  readonly table: CsvTable;
  readonly columns: readonly Column[];
  readonly scaling: Scaling;
}

/** Begins with the first row of the file. */
function Row({ session, columns, scaling }: RowProps): JSX.Element {
  const [values, setValues] = useState(() => columns.map((column) => String(column.values[0])));
  useEffect(
    () => session.sketch.set({ values: encodeRow(columns, values, scaling.inputs) }),
    [session, values, scaling],
  );
  useEffect(() => () => session.sketch.set(undefined), [session]);
  const set = (at: number, value: string): void => setValues(values.map((old, index) => (index === at ? value : old)));
  return (
    <details class="own-row" open>
      <summary>Predict a row of your own</summary>
      <div class="fields two">
        {columns.map((column, at) =>
          column.kind === 'numbers' ? (
            <NumberField
              key={column.name}
              label={column.name}
              value={Number(values[at])}
              bounds={{ min: -1e12, max: 1e12 }}
              onChange={(value) => set(at, String(value))}
            />
          ) : (
            <Select
              key={column.name}
              label={column.name}
              value={values[at]}
              options={column.categories.map((name) => [name, name] as const)}
              onChange={(value) => set(at, value)}
            />
          ),
        )}
      </div>
      <Prediction session={session} />
    </details>
  );
}

function Prediction({ session }: { readonly session: Session }): JSX.Element {
  const prediction = useCalmly(
    session.snapshot,
    (snapshot) => snapshot?.sketch && said(snapshot.sketch, snapshot.dataSet),
  );
  return (
    <p role="status" data-prediction>
      {prediction ?? '–'}
    </p>
  );
}

function said(outputs: Float32Array, { task, classes, outputs: names, scaling }: DataSet): string {
  if (task === 'regression') return `${names[0]}: ${number(unscaled(scaling?.targets[0], outputs[0]))}`;
  const shares = task === 'binary' ? [1 - outputs[0], outputs[0]] : [...outputs];
  const best = shares.indexOf(Math.max(...shares));
  return `${classes[best]}: ${percent(shares[best])}`;
}
