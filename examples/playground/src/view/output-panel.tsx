/** What the network makes of the data: the surface, or a canvas to draw on; the numbers; the curves. */
import type { JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly } from '../session/watch.js';
import { Curves } from './curves.jsx';
import { number, percent } from './format.js';
import { OwnRow } from './own-row.jsx';
import { Sketch } from './sketch.jsx';
import { Surface } from './surface.jsx';

export function OutputPanel({ session }: { readonly session: Session }): JSX.Element {
  const isPicture = useStore(session.dataSet, (dataSet) => dataSet !== undefined && dataSet.plane === undefined);
  return (
    <section class="panel output" aria-labelledby="output-title">
      <h2 id="output-title">Output</h2>
      {isPicture ? <Sketch session={session} /> : <Surface session={session} />}
      <OwnRow session={session} />
      <Numbers session={session} />
      <Curves session={session} />
    </section>
  );
}

function Numbers({ session }: { readonly session: Session }): JSX.Element {
  const snapshot = useCalmly(session.snapshot, (value) => value);
  const dataSet = snapshot?.dataSet;
  const hasClasses = dataSet?.task !== 'regression';
  const unit = dataSet?.scaling?.targets[0]?.deviation ?? 1;
  const rows = [
    { name: 'train', values: snapshot?.train },
    { name: 'test', values: snapshot?.test },
  ];
  return (
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">Examples</span>
          </th>
          <th scope="col">loss</th>
          <th
            scope="col"
            title={hasClasses ? undefined : 'The root of the mean squared error, in the target’s own unit'}
          >
            {hasClasses ? 'accuracy' : 'error'}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, values }) => (
          <tr key={name} class={name}>
            <th scope="row">{name}</th>
            <td data-number={`${name}-loss`}>{values ? number(values.loss) : '–'}</td>
            <td data-number={`${name}-${hasClasses ? 'accuracy' : 'error'}`}>
              {values ? (hasClasses ? percent(values.accuracy) : number(values.error * unit)) : '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
