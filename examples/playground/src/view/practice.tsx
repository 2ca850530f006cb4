/** Exercises with this network's numbers: one factor is missing, and what is typed is marked at once. */
import type { JSX, TargetedEvent } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { answerOf, drawExercise, isFair, isRight } from '../lesson/exercise.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { aligned } from './format.js';

/** More draws than that are not made: the network has hardly a number left that is not 0. */
const MOST_DRAWS = 200;

export function Practice({ session }: { readonly session: Session }): JSX.Element | null {
  const seed = useStore(session.lesson, ({ exercise }) => exercise ?? 1);
  const dataSet = useStore(session.dataSet);
  const layers = useStore(session.setting, (setting) => setting.layers);
  const lens = useStore(session.snapshot, (snapshot) => (snapshot?.activity === 'idle' ? snapshot.lens : undefined));
  const [attempt, setAttempt] = useState(0);
  const sizes = [dataSet?.inputs.length ?? 1, ...layers.map(({ units }) => units), dataSet?.outputs.length ?? 1];
  const { focus, missing } = drawExercise(seed, attempt, { sizes, examples: dataSet?.train.count ?? 1 });
  const { example, layer, j, k } = focus;
  useEffect(() => setAttempt(0), [seed]);
  useEffect(() => {
    if (dataSet) session.focusOn({ example, layer, j, k });
  }, [session, dataSet, example, layer, j, k]);
  const at = lens?.focus;
  const isThere = at?.example === example && at.layer === layer && at.j === j && at.k === k;
  const isPoor = isThere && lens !== undefined && !isFair(lens);
  useEffect(() => {
    if (isPoor && attempt < MOST_DRAWS) setAttempt(attempt + 1);
  }, [isPoor, attempt]);
  if (!isThere || !lens) return <p class="note">An exercise is being drawn.</p>;
  return (
    <Question
      key={seed}
      session={session}
      answer={answerOf(lens, missing)}
      missing={missing}
      onNext={() => session.lesson.set({ scene: session.lesson.value.scene, exercise: seed + 1 })}
    />
  );
}

const ASKED = {
  input: ['∂z/∂w', 'The product, divided by the other two factors.'],
  slope: ['∂a/∂z', 'The product, divided by the other two factors.'],
  dA: ['∂C₀/∂a', 'The product, divided by the other two factors.'],
  product: ['∂C₀/∂w', 'The three factors, multiplied.'],
} as const;

function Question({
  session,
  answer,
  missing,
  onNext,
}: {
  readonly session: Session;
  readonly answer: number;
  readonly missing: keyof typeof ASKED;
  readonly onNext: () => void;
}): JSX.Element {
  const [text, setText] = useState('');
  const [isShown, setShown] = useState(false);
  const id = useId();
  const given = text.trim() === '' ? NaN : Number(text.replaceAll('−', '-').replace(',', '.'));
  const right = isRight(given, answer);
  const isOpen = !right && !isShown;
  useEffect(() => {
    session.hidden.set(isOpen ? [missing] : []);
    return () => session.hidden.set([]);
  }, [session, missing, isOpen]);
  const [symbol, hint] = ASKED[missing];
  return (
    <div class="practice">
      <div class="field">
        <label for={id}>The number that is missing in the panel: {symbol} =</label>
        <input
          id={id}
          type="text"
          inputMode="text"
          autocomplete="off"
          value={text}
          onInput={(event: TargetedEvent<HTMLInputElement>) => setText(event.currentTarget.value)}
        />
      </div>
      <p role="status" data-right={Number.isNaN(given) ? '' : right}>
        {isShown && !right ? <b>It is {aligned(answer)}.</b> : mark(given, right, answer)}
      </p>
      <div class="row">
        <button type="button" onClick={onNext}>
          Another exercise
        </button>
        <button type="button" class="quiet" onClick={() => setShown(true)} disabled={!isOpen}>
          Show it
        </button>
        <span class="note">{hint}</span>
      </div>
    </div>
  );
}

function mark(given: number, right: boolean, answer: number): JSX.Element {
  if (Number.isNaN(given)) return <>Two digits are enough; it is marked as you type.</>;
  if (right) return <b>Right: {aligned(answer)}.</b>;
  const isTurned = isRight(-given, answer);
  return <b>{isTurned ? 'The size is right, the sign is not.' : 'Not yet.'}</b>;
}
