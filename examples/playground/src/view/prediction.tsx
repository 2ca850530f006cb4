/** A scene's question. The answer comes once a choice has been made, and can be changed. */
import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import type { Scene } from '../lesson/scenes.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';

export function Prediction({ session, script }: { readonly session: Session; readonly script: Scene }): JSX.Element {
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  // the answer is that of the moment of the choice: a step that follows does not change it
  const [right, setRight] = useState<number | undefined>(undefined);
  const isReady = useStore(
    session.snapshot,
    (snapshot) => snapshot?.lens !== undefined && snapshot.activity !== 'replaying',
  );
  const name = useId();
  useEffect(() => {
    const lens = session.snapshot.value?.lens;
    if (chosen === undefined || right !== undefined || !isReady || !lens) return;
    setRight(typeof script.right === 'number' ? script.right : script.right(lens));
  }, [session, script, chosen, right, isReady]);
  useEffect(() => {
    session.hidden.set(right === undefined ? script.hides : []);
    return () => session.hidden.set([]);
  }, [session, script, right]);
  return (
    <div class="prediction">
      <fieldset>
        <legend>{script.question}</legend>
        {script.choices.map((choice, at) => (
          <label key={choice}>
            <input type="radio" name={name} checked={chosen === at} onChange={() => setChosen(at)} />
            <span>{choice}</span>
          </label>
        ))}
      </fieldset>
      <p
        role="status"
        class={right === undefined ? 'note' : 'verdict'}
        data-right={right !== undefined && chosen === right}
      >
        {right === undefined ? (
          'Make your prediction: the answer follows.'
        ) : (
          <>
            <b>{chosen === right ? 'Right.' : `Not quite: ${script.choices[right]}.`}</b> {script.because}
          </>
        )}
      </p>
    </div>
  );
}
