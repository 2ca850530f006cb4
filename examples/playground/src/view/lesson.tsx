/** The lesson above the page that it is about: a scene's text, its question, and the way on. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PRACTICE, sceneHash, SCENES } from '../lesson/scenes.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { LESSON_SCENES } from '../setting/view.js';
import { Practice } from './practice.jsx';
import { Prediction } from './prediction.jsx';

export function LessonPanel({ session }: { readonly session: Session }): JSX.Element | null {
  const { scene } = useStore(session.lesson);
  if (scene === undefined) return null;
  const script = SCENES[scene - 1];
  return (
    <section class="panel lesson" aria-labelledby="lesson-title">
      <Head session={session} scene={scene} title={script?.title ?? PRACTICE.title} />
      <div class="lesson-row">
        <Said>{script ? script.says.map((text) => <p key={text}>{text}</p>) : <p>{PRACTICE.says}</p>}</Said>
        {script ? <Prediction key={scene} session={session} script={script} /> : <Practice session={session} />}
      </div>
    </section>
  );
}

/** What a scene says, read out when it comes. */
function Said({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class="lesson-said" aria-live="polite">
      {children}
    </div>
  );
}

function Head({
  session,
  scene,
  title,
}: {
  readonly session: Session;
  readonly scene: number;
  readonly title: string;
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  // who goes on is taken to the new scene's beginning; who opens the page is left where they are
  useEffect(() => {
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [scene]);
  return (
    <div class="lesson-head">
      <h2 id="lesson-title" ref={heading} tabIndex={-1}>
        {scene}. {title}
      </h2>
      <nav aria-label="Lesson">
        <ol>
          {Array.from({ length: LESSON_SCENES }, (_, at) => (
            <li key={at}>
              <a
                href={sceneHash(at + 1)}
                aria-label={`Scene ${at + 1}: ${SCENES[at]?.title ?? PRACTICE.title}`}
                aria-current={scene === at + 1 ? 'step' : undefined}
              >
                {at + 1}
              </a>
            </li>
          ))}
        </ol>
        {scene < LESSON_SCENES && <a href={sceneHash(scene + 1)}>Next</a>}
        <button
          type="button"
          class="quiet"
          onClick={() => session.lesson.set({ scene: undefined, exercise: undefined })}
          aria-label="Close the lesson"
        >
          ×
        </button>
      </nav>
    </div>
  );
}
