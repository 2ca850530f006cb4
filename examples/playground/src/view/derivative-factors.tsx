/** The factors of one example's derivative and their product. Each lights up with its place in picture and code. */
import type { ComponentChildren, JSX } from 'preact';
import { factorsOf, isSoftmax, type Part } from '../session/factors.js';
import { useStore } from '../session/store.js';
import { C0, Partial, type LensProps } from './derivative.jsx';
import { shortName } from './diagram-names.js';
import { aligned, count, signOf } from './format.js';
import { reachOf } from './heat.js';
import { partHandlers } from './part-handlers.js';

export function Factors(props: LensProps): JSX.Element {
  const { lens } = props;
  const factors = factorsOf(lens);
  const product = lens.explanation.weight?.derivative ?? NaN;
  const most = reachOf(factors.length, (at) => factors[at].value) || 1;
  return (
    <div class="factors">
      {lens.scope !== 'example' && (
        <h3>{lens.isOwn ? 'Your drawing' : `One of them: example ${count(lens.focus.example + 1)}`}</h3>
      )}
      <p class="formula">
        <Partial of={<C0 />} by="w" /> ={' '}
        {factors.map(({ part }, at) => (
          <>
            {at > 0 && ' · '}
            <Term key={part} part={part} session={props.session}>
              {symbolOf(part, lens)}
            </Term>
          </>
        ))}
      </p>
      <ul>
        {factors.map(({ part, value }) => (
          <Row key={part} {...{ part, value, most }} symbol={symbolOf(part, lens)} session={props.session}>
            {explain(part, props)}
          </Row>
        ))}
        <Row part="product" value={product} most={0} symbol={<Partial of={<C0 />} by="w" />} session={props.session}>
          the product
        </Row>
      </ul>
      {isSoftmax(lens) && (
        <p class="note">
          After a softmax every output moves with z, not a alone: δ is the sum of <Partial of={<C0 />} by="a" /> times{' '}
          <Partial of="a" by="z" /> over all outputs.
        </p>
      )}
    </div>
  );
}

function symbolOf(part: Part, lens: LensProps['lens']): JSX.Element {
  if (part === 'input') return <Partial of="z" by="w" />;
  if (part === 'slope') return <Partial of="a" by="z" />;
  return <Partial of={<C0 />} by={isSoftmax(lens) ? 'z' : 'a'} />;
}

/** What a factor is, in the network's own words. */
function explain(part: Part, { lens, dataSet, snapshot, session }: LensProps): string {
  const { focus, explanation, paths } = lens;
  const hidden = snapshot.biases.length - 1;
  const to = shortName(focus.layer, focus.j, hidden, dataSet);
  if (part === 'input') {
    const from = shortName(focus.layer - 1, focus.k, hidden, dataSet);
    return focus.layer === 0 ? `${from}, what comes in` : `a of ${from}`;
  }
  if (part === 'slope') {
    const activation = session.setting.value.layers[focus.layer]?.activation ?? session.setting.value.output;
    return `${activation}′ at z = ${aligned(explanation.layers[focus.layer].z[focus.j])}`;
  }
  if (isSoftmax(lens)) return `δ of ${to}`;
  if (!paths) return `cost′ at a = ${aligned(explanation.layers[focus.layer].a[focus.j])}`;
  return paths.length === 1 ? 'w · δ of its one path' : `Σ w · δ of ${paths.length} paths`;
}

function Term({
  part,
  session,
  children,
}: {
  readonly part: Part;
  readonly session: LensProps['session'];
  readonly children: ComponentChildren;
}): JSX.Element {
  const lit = useStore(session.part, (value) => value === part);
  return (
    <span class={lit ? 'lit' : ''} {...partHandlers(session, part)}>
      {children}
    </span>
  );
}

function Row({
  part,
  value,
  most,
  symbol,
  session,
  children,
}: {
  readonly part: Part;
  readonly value: number;
  /** What a full bar stands for; 0 for no bar. */
  readonly most: number;
  readonly symbol: ComponentChildren;
  readonly session: LensProps['session'];
  readonly children: ComponentChildren;
}): JSX.Element {
  const lit = useStore(session.part, (now) => now === part);
  const isHidden = useStore(session.hidden, (parts) => parts.includes(part));
  return (
    <li>
      <button
        type="button"
        class={`factor ${part} ${lit ? 'lit' : ''}`}
        data-part={part}
        {...partHandlers(session, part)}
      >
        <span class="symbol">{symbol}</span>
        <small>{children}</small>
        {most > 0 && <Bar share={isHidden ? 0 : value / most} />}
        {isHidden ? (
          <b>?</b>
        ) : (
          <b data-value={value} class={signOf(value)}>
            {aligned(value)}
          </b>
        )}
      </button>
    </li>
  );
}

/** Signed, from the middle: right above 0, left below. */
export function Bar({ share }: { readonly share: number }): JSX.Element {
  const length = Number.isFinite(share) ? share : 0;
  return <i class={`bar ${signOf(length)}`} style={{ '--length': length.toFixed(4) }} aria-hidden="true" />;
}
