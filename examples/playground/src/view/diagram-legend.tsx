/** What the connections of the diagram show, to choose; and how to read its marks. */
import type { JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { SHOWS } from '../setting/view.js';
import { SHOWN } from './diagram-values.js';

export function ShowsSwitch({ session }: { readonly session: Session }): JSX.Element {
  const shows = useStore(session.shows);
  return (
    <fieldset class="segments inline">
      <legend>Connections show</legend>
      {SHOWS.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="shows"
            class="unseen"
            value={name}
            checked={shows === name}
            onChange={() => session.shows.set(name)}
          />
          <span>{SHOWN[name].title}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function DiagramLegend({ session }: { readonly session: Session }): JSX.Element {
  const isAverage = useStore(session.look, ({ scope }) => scope !== 'example');
  return (
    <ul class="diagram-legend">
      <li>
        <i class="gauge right" /> a{isAverage ? ' of the one' : ''} runs right
      </li>
      <li>
        <i class="gauge left" /> {isAverage ? 'mean δ' : 'δ'} runs left
      </li>
      <li>
        <i class="back" /> w · δ on its paths
      </li>
      <li>
        <i class="signs" /> below, above 0
      </li>
    </ul>
  );
}
