/** Where the page's work is done, and where to go from here. */
import type { JSX } from 'preact';
import { sceneHash } from '../lesson/scenes.js';

/** From `package.json`, when the page is built: the name of the place, then its address. */
declare const PROJECT_LINKS: readonly (readonly [name: string, address: string])[];

export function Footer(): JSX.Element {
  return (
    <footer>
      Everything happens in this page: it works offline, and nothing is sent anywhere. Trained with chainrule, in
      WebAssembly, in a worker.
      <ul aria-label="Links">
        <li>
          <a href={sceneHash(1)}>The lesson</a>
        </li>
        {PROJECT_LINKS.map(([name, address]) => (
          <li key={name}>
            <a href={address}>{name}</a>
          </li>
        ))}
      </ul>
    </footer>
  );
}
