/** Of networks that tell several classes apart: which are taken for which, and the worst mistakes. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PIXELS, SIDE } from '../data/digits.js';
import type { DataSet } from '../data/data-set.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly } from '../session/watch.js';
import { theme } from '../session/theme.js';
import type { Confusion, Mistake } from '../training/protocol.js';
import { percent } from './format.js';
import { drawHeat } from './heat.js';

export function Classes({ session }: { readonly session: Session }): JSX.Element | null {
  const { dataSet, confusion } = useCalmly(session.snapshot, (snapshot) => snapshot) ?? {};
  if (dataSet?.task !== 'classes') return null;
  return (
    <section class="panel classes" aria-labelledby="classes-title">
      <h2 id="classes-title">Which is taken for which</h2>
      <div class="classes-row">
        {confusion && <Matrix classes={dataSet.classes} confusion={confusion} />}
        {confusion && <Mistakes session={session} dataSet={dataSet} mistakes={confusion.mistakes} />}
      </div>
    </section>
  );
}

function Matrix({
  classes,
  confusion: { counts },
}: {
  readonly classes: readonly string[];
  readonly confusion: Confusion;
}): JSX.Element {
  const size = classes.length;
  const total = (row: number): number => counts.subarray(row * size, (row + 1) * size).reduce((sum, n) => sum + n, 0);
  return (
    <div class="scroll" role="region" aria-label="Confusion matrix" tabIndex={0}>
      <table class="confusion">
        <caption>The held-out examples: what they are, down; what the network says, across.</caption>
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, truth) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {classes.map((other, predicted) => {
                const count = counts[truth * size + predicted];
                const share = count / Math.max(1, total(truth));
                const style = { '--share': share.toFixed(3) };
                return (
                  <td key={other} class={truth === predicted ? 'right' : 'wrong'} style={style}>
                    {count === 0 ? '' : count}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Mistakes({
  session,
  dataSet,
  mistakes,
}: {
  readonly session: Session;
  readonly dataSet: DataSet;
  readonly mistakes: readonly Mistake[];
}): JSX.Element {
  const { classes, train, plane } = dataSet;
  return (
    <div class="mistakes">
      <h3>The worst mistakes</h3>
      <p class="note">Held out, taken for something else, the surest first. Choose one to see its chain rule below.</p>
      {mistakes.length === 0 && <p>None: every held-out example is right.</p>}
      <ul>
        {mistakes.map(({ index, truth, predicted, confidence }) => (
          <li key={index}>
            <button type="button" onClick={() => session.focusOn({ example: train.count + index })}>
              {!plane && <Thumbnail dataSet={dataSet} index={index} />}
              <span>
                <b>{classes[truth]}</b> taken for <b>{classes[predicted]}</b>
              </span>
              <small>{percent(confidence)} sure</small>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Thumbnail({ dataSet: { test }, index }: { readonly dataSet: DataSet; readonly index: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useStore(theme);
  useLayoutEffect(() => {
    if (canvas.current) drawHeat(canvas.current, SIDE, (at) => test.x[index * PIXELS + at], 1);
  }, [test, index, colours]);
  return <canvas ref={canvas} width={SIDE} height={SIDE} aria-hidden="true" />;
}
