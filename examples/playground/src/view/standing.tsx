/** What stands in the network's place while there is none: that it loads, that a file is missing, or what failed. */
import type { JSX } from 'preact';
import { chooseFile } from '../session/files.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { CSV_FILES } from './csv-panel.jsx';

export function Standing({ session }: { readonly session: Session }): JSX.Element | null {
  const status = useStore(session.status);
  if (status.kind === 'ready') return null;
  return (
    <div
      class={`standing ${status.kind}`}
      data-status={status.kind}
      role={status.kind === 'failed' ? 'alert' : 'status'}
    >
      {status.kind === 'failed' && <b>That failed.</b>}
      <p>{status.sentence}</p>
      {status.kind === 'failed' && (
        <button type="button" onClick={() => session.retry()}>
          Retry
        </button>
      )}
      {status.kind === 'nothing' && (
        <button type="button" onClick={() => chooseFile(CSV_FILES, (file) => void session.openCsv(file))}>
          Choose a file
        </button>
      )}
    </div>
  );
}
