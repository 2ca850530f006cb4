/** A scene's question. The answer comes once a choice has been made, and can be changed. */
import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import type { Scene } from '../lesson/scenes.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';

export function Prediction({ session, script }: { readonly session: Session; readonly script: Scene }): JSX.Element {
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  // the answer is that of the moment of the choice: a step that follows does not change it
  const [right, setRight] = useState(0);
  const isReady = useStore(
    session.snapshot,
    (snapshot) => snapshot?.lens !== undefined && snapshot.activity !== 'replaying',
  );
  const name = useId();
  useEffect(() => {
    session.hidden.set(chosen === undefined ? script.hides : []);
    return () => session.hidden.set([]);
  }, [session, script, chosen]);
  const choose = (at: number): void => {
    const lens = session.snapshot.value?.lens;
    if (!lens) return;
    if (chosen === undefined) setRight(typeof script.right === 'number' ? script.right : script.right(lens));
    setChosen(at);
  };
  return (
    <div class="prediction">
      <fieldset disabled={!isReady}>
        <legend>{script.question}</legend>
        {script.choices.map((choice, at) => (
          <label key={choice}>
            <input type="radio" name={name} checked={chosen === at} onChange={() => choose(at)} />
            <span>{choice}</span>
          </label>
        ))}
      </fieldset>
      <p
        role="status"
        class={chosen === undefined ? 'note' : 'verdict'}
        data-right={chosen === undefined ? '' : chosen === right}
      >
        {chosen === undefined ? (
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
