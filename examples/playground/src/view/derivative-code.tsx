/** The derivative as a program: by chainrule or by PyTorch, each line lit with the factor that it computes. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { slice, type Examples } from '../data/data-set.js';
import { chainruleSnippet } from '../session/snippet-chainrule.js';
import { pytorchSnippet } from '../session/snippet-pytorch.js';
import { MOST_NUMBERS, numbersOf, programOf, type Line, type Subject } from '../session/snippet.js';
import { useStore } from '../session/store.js';
import { Copy } from './copy.jsx';
import type { LensProps } from './derivative.jsx';
import { partHandlers } from './part-handlers.js';

const LANGUAGES = { chainrule: chainruleSnippet, PyTorch: pytorchSnippet };
type Language = keyof typeof LANGUAGES;

export function DerivativeCode(props: LensProps): JSX.Element {
  const { session } = props;
  const [language, setLanguage] = useState<Language>('chainrule');
  const subject = subjectOf(props);
  const snippet = LANGUAGES[language](subject);
  const isShort = numbersOf(subject) <= MOST_NUMBERS;
  return (
    <div class="derivative-code">
      <div class="row">
        <fieldset class="segments">
          <legend class="unseen">In the words of</legend>
          {(Object.keys(LANGUAGES) as Language[]).map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="language"
                class="unseen"
                value={name}
                checked={language === name}
                onChange={() => setLanguage(name)}
              />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        {isShort && <Copy text={() => programOf(snippet)} label="Copy with numbers" />}
      </div>
      <pre tabIndex={0} role="region" aria-label="The derivative as a program">
        {snippet.lines.slice(1).map((line, at) => (
          <CodeLine key={at} line={line} session={session} />
        ))}
      </pre>
      {!isShort && <p class="note">The weights are too many to paste: take the model file below.</p>}
    </div>
  );
}

function CodeLine({
  line: { text, part },
  session,
}: { readonly line: Line } & Pick<LensProps, 'session'>): JSX.Element {
  const lit = useStore(session.part, (value) => part !== undefined && value === part);
  if (part === undefined) return <code>{text}</code>;
  return (
    <code class={lit ? 'lit' : ''} data-code={part} {...partHandlers(session, part)}>
      {text}
    </code>
  );
}

function subjectOf({ session, dataSet, snapshot, lens }: LensProps): Subject {
  const { members, focus, scope, isOwn } = lens;
  const among = focus.example - members.first;
  const one: Examples = { count: 1, x: lens.input, y: lens.target };
  return {
    setting: session.setting.value,
    ...{ focus, weights: snapshot.weights, biases: snapshot.biases },
    row: scope === 'example' ? 0 : !isOwn && among >= 0 && among < members.count ? among : undefined,
    examples: scope === 'example' ? one : slice(dataSet.train, members.first, members.first + members.count),
  };
}
