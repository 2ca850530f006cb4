/** What went wrong, with the likely cure: numbers that blew up above all. */
import type { JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import type { Divergence } from '../training/protocol.js';
import { layerName } from './diagram-names.js';
import { number } from './format.js';

export function Notices({ session }: { readonly session: Session }): JSX.Element {
  const notices = useStore(session.notices);
  const diverged = useStore(session.snapshot, (snapshot) => snapshot?.diverged);
  return (
    <div role="alert" class="notices">
      {diverged && <Blowup session={session} divergence={diverged} />}
      {notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
    </div>
  );
}

function Blowup({ session, divergence }: { readonly session: Session; readonly divergence: Divergence }): JSX.Element {
  const { rate, clipNorm, layers } = session.setting.value;
  const { epoch, batch, layer } = divergence;
  const what =
    layer === undefined
      ? 'the gradients overflowed'
      : `the values of ${layerName(layer, layers.length)} overflowed first`;
  return (
    <div class="notice blowup">
      <p>
        <b>Training blew up</b> in epoch {epoch}, batch {batch}: {what}. The network keeps its weights from before.
        Likely cures:
      </p>
      <div class="row">
        <button type="button" onClick={() => session.change({ rate: rate / 10 })}>
          A tenth of the rate: {number(rate / 10)}
        </button>
        {clipNorm !== 1 && (
          <button type="button" onClick={() => session.change({ clipNorm: 1 })}>
            Clip the gradient at 1
          </button>
        )}
      </div>
    </div>
  );
}
