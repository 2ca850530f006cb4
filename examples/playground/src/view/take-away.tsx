/** What one takes along: the model, the program and data that make it again, the address. */
import type { JSX } from 'preact';
import { codeFor, DATA_FILE } from '../session/code.js';
import { download, examplesAsJson } from '../session/files.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly } from '../session/watch.js';
import { Copy } from './copy.jsx';
import { count } from './format.js';

export function TakeAway({ session }: { readonly session: Session }): JSX.Element {
  const setting = useStore(session.setting);
  const dataSet = useStore(session.dataSet);
  const fingerprint = useCalmly(session.snapshot, (snapshot) => snapshot?.fingerprint);
  const steps = useCalmly(session.snapshot, (snapshot) => snapshot?.steps ?? 0);
  const batches = useStore(session.snapshot, (snapshot) => snapshot?.batches ?? 1);
  const epochs = Math.ceil(steps / batches) || 100;
  const code =
    dataSet &&
    codeFor(setting, {
      ...{ inputs: dataSet.inputs.length, outputs: dataSet.outputs.length, epochs },
      isScaled: dataSet.scaling !== undefined,
    });
  const changed = useCalmly(session.snapshot, (snapshot) => (snapshot?.stages.length ?? 0) > 0);
  const isExact = steps > 0 && steps % batches === 0 && !changed;
  return (
    <section class="panel take" aria-labelledby="take-title">
      <h2 id="take-title">Take it away</h2>
      <div class="take-row">
        <div>
          <div class="row">
            <Copy text={() => session.address()} label="Copy the link" />
            <button type="button" disabled={!dataSet} onClick={() => void saveModel(session)}>
              Model file
            </button>
            <button
              type="button"
              disabled={!dataSet}
              onClick={() =>
                dataSet && download(DATA_FILE, examplesAsJson(dataSet.train, dataSet.scaling), 'application/json')
              }
            >
              Training examples
            </button>
            <button type="button" disabled={!code} onClick={() => code && download('train.ts', code, 'text/plain')}>
              Program
            </button>
          </div>
          <p class="note">
            The link holds the whole setting and the number of steps. Whoever opens it trains the same network, and gets
            the same weights to the last bit. A file of your own is not in it: it stays on this machine.
          </p>
          <p class="note">
            Weights after {count(steps)} steps: <code data-fingerprint>{fingerprint ?? '–'}</code>. The same eight
            digits elsewhere mean the same weights.
          </p>
          <p class="note">
            The model is a safetensors file, which <code>loadNetwork</code> reads, and PyTorch too. The program trains{' '}
            {count(epochs)} epochs
            {isExact ? ': these very weights.' : steps > 0 && !changed ? ', the next whole number.' : '.'}
            {changed && ' It has the last rate and regularisation from the start, and so leads to other weights.'}
          </p>
        </div>
        <div class="code">
          <pre tabIndex={0} role="region" aria-label="Program">
            <code>{code ?? ''}</code>
          </pre>
          {code && <Copy text={() => code} label="Copy the program" />}
        </div>
      </div>
    </section>
  );
}

async function saveModel(session: Session): Promise<void> {
  download('model.safetensors', await session.save(), 'application/octet-stream');
}
