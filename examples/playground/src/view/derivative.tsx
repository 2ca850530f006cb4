/** Beside the network: the derivative of the cost by the chosen weight, the factors that make it, and their code. */
import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { DataSet } from '../data/data-set.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly, useOnScreen } from '../session/watch.js';
import type { Lens, Snapshot } from '../training/protocol.js';
import { Choice } from './derivative-choice.jsx';
import { DerivativeCode } from './derivative-code.jsx';
import { Factors } from './derivative-factors.jsx';
import { Shares } from './derivative-shares.jsx';
import { shortName } from './diagram-names.js';
import { aligned, signOf } from './format.js';

export interface LensProps {
  readonly session: Session;
  readonly dataSet: DataSet;
  readonly snapshot: Snapshot;
  readonly lens: Lens;
}

/** What the worker last said of the weight that is looked at; undefined while that is of another network. */
export function useLens(session: Session, isFollowed: boolean): LensProps | undefined {
  const snapshot = useCalmly(session.snapshot, (value) => value, isFollowed);
  const dataSet = snapshot?.dataSet;
  const lens = snapshot?.lens;
  const layers = useStore(session.setting, (setting) => setting.layers.length);
  const isCurrent =
    snapshot?.biases.length === layers + 1 &&
    lens?.input.length === dataSet?.inputs.length &&
    lens?.target.length === dataSet?.outputs.length;
  return isCurrent && dataSet && snapshot && lens ? { session, dataSet, snapshot, lens } : undefined;
}

export function Derivative({ session }: { readonly session: Session }): JSX.Element {
  const section = useRef<HTMLElement>(null);
  const isOnScreen = useOnScreen(section);
  // while training, numbers that nobody sees need not be rendered
  const isFollowed = !useStore(session.playing) || isOnScreen;
  const props = useLens(session, isFollowed);
  return (
    <section class="panel derivative" ref={section} aria-labelledby="derivative-title">
      <h2 id="derivative-title">The derivative of one weight</h2>
      {props && (
        <>
          <Choice {...props} />
          <Headline {...props} />
          {props.lens.scope !== 'example' && <Shares {...props} />}
          <Factors {...props} />
          <DerivativeCode {...props} />
        </>
      )}
    </section>
  );
}

/** The one number that all of the panel is about. */
function Headline({ session, lens, dataSet, snapshot }: LensProps): JSX.Element {
  const { focus, gradient, explanation, scope } = lens;
  const hidden = snapshot.biases.length - 1;
  const isHidden = useStore(session.hidden, (parts) => parts.includes('product'));
  const derivative = scope === 'example' ? explanation.weight?.derivative : gradient?.derivative;
  const [from, to] = [
    shortName(focus.layer - 1, focus.k, hidden, dataSet),
    shortName(focus.layer, focus.j, hidden, dataSet),
  ];
  if (derivative === undefined) {
    return (
      <p class="notice">
        The gradient overflows here: there is none. Smaller weights, or inputs scaled to about 1, are the usual cures.
      </p>
    );
  }
  return (
    <p class="headline">
      <span>
        <Partial of={scope === 'example' ? <C0 /> : 'C'} by="w" /> ={' '}
        {isHidden ? (
          <b>?</b>
        ) : (
          <b data-derivative={derivative} class={signOf(derivative)}>
            {aligned(derivative)}
          </b>
        )}
      </span>
      <small>
        {from} → {to}: w = <b>{aligned(explanation.weight?.value ?? NaN)}</b>
        {isHidden
          ? ''
          : derivative === 0
            ? '; a nudge changes nothing'
            : `; more of it ${derivative < 0 ? 'lowers' : 'raises'} the cost`}
      </small>
    </p>
  );
}

/** ∂ of something by something, on one line. */
export function Partial({ of, by }: { readonly of: ComponentChildren; readonly by: ComponentChildren }): JSX.Element {
  return (
    <span class="partial">
      ∂{of}/∂{by}
    </span>
  );
}

/** The cost of one example. */
export function C0(): JSX.Element {
  return (
    <>
      C<sub>0</sub>
    </>
  );
}
