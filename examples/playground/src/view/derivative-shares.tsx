/** What each example of an average adds to it: a signed bar for each. */
import type { JSX, TargetedPointerEvent } from 'preact';
import type { LensProps } from './derivative.jsx';
import { aligned, count } from './format.js';
import { reachOf } from './heat.js';

const [WIDTH, HEIGHT] = [340, 56];

export function Shares({ session, lens }: LensProps): JSX.Element {
  const { shares, members, focus, gradient, isOwn } = lens;
  if (!shares) return <p class="note shares">The examples’ parts show when training rests.</p>;
  const most = reachOf(shares.length, (at) => shares[at]) || 1;
  const step = WIDTH / shares.length;
  const bars = (sign: number): string =>
    Array.from(shares, (share, at) => {
      const height = (share / most) * (HEIGHT / 2);
      const [x, width] = [at * step + step * 0.1, Math.max(step * 0.8, 0.5)];
      return Math.sign(share) === sign ? `M${x} ${HEIGHT / 2}h${width}v${-height}h${-width}z` : '';
    }).join('');
  const chosen = focus.example - members.first;
  const choose = (event: TargetedPointerEvent<SVGSVGElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * shares.length);
    session.focusOn({ example: members.first + Math.max(0, Math.min(shares.length - 1, at)) });
  };
  const mean = gradient ? HEIGHT / 2 - (gradient.derivative / most) * (HEIGHT / 2) : HEIGHT / 2;
  return (
    <div class="shares">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`What each of ${count(shares.length)} examples adds to the derivative`}
        onPointerDown={choose}
      >
        {!isOwn && chosen >= 0 && chosen < shares.length && (
          <rect class="chosen" x={chosen * step} y="0" width={Math.max(step, 2)} height={HEIGHT} />
        )}
        <path class="positive" d={bars(1)} />
        <path class="negative" d={bars(-1)} />
        <line x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <line class="mean" x1="0" x2={WIDTH} y1={mean} y2={mean} />
      </svg>
      <Sum shares={shares} />
    </div>
  );
}

/** The bars in words: what is above 0, what below, and that both over their number are the derivative. */
function Sum({ shares }: { readonly shares: Float32Array }): JSX.Element {
  const above = shares.filter((share) => share > 0);
  const below = shares.filter((share) => share < 0);
  const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
  const total = sum(above) + sum(below);
  return (
    <p class="note" data-shares={shares.length} data-shares-sum={total}>
      <b class="positive">+{aligned(sum(above))}</b> from {count(above.length)} examples,{' '}
      <b class="negative">{aligned(sum(below))}</b> from {count(below.length)}; ({aligned(total)}) /{' '}
      {count(shares.length)} = <b>{aligned(total / shares.length)}</b>, the dashed line.
    </p>
  );
}
