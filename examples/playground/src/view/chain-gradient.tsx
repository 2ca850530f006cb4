/** The gradient as a picture: a cell for each weight and bias, blue above 0, orange below. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useStore } from '../session/store.js';
import { theme } from '../session/theme.js';
import type { Focus } from '../setting/setting.js';
import type { ScopeGradient } from '../training/protocol.js';
import { count, number } from './format.js';
import { drawHeat, reachOf } from './heat.js';

export function GradientPicture({
  gradient,
  focus,
}: {
  readonly gradient: ScopeGradient;
  readonly focus: Focus;
}): JSX.Element {
  const { weights, biases, norm, derivative } = gradient;
  const all = [...weights, ...biases];
  const reach = Math.max(...all.map((values) => reachOf(values.length, (at) => values[at])), 0);
  const size = all.reduce((sum, { length }) => sum + length, 0);
  const whose = gradient.count === 1 ? 'of one example' : `averaged over ${count(gradient.count)} examples`;
  return (
    <div class="gradient">
      <h3>The gradient, {whose}</h3>
      <p class="note">
        {count(size)} derivatives, one for each weight and bias; its length is {number(norm)}. For the weight above it
        is <b data-gradient>{number(derivative)}</b>. Full colour stands for {number(reach)}.
      </p>
      <div class="matrices">
        {weights.map((_, layer) => (
          <Matrix
            key={layer}
            {...{ gradient, layer, reach }}
            chosen={focus.layer === layer ? focus : undefined}
            isLast={layer === weights.length - 1}
          />
        ))}
      </div>
    </div>
  );
}

function Matrix({
  gradient: { weights, biases },
  layer,
  reach,
  chosen,
  isLast,
}: {
  readonly gradient: ScopeGradient;
  readonly layer: number;
  readonly reach: number;
  readonly chosen: { readonly j: number; readonly k: number } | undefined;
  readonly isLast: boolean;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useStore(theme);
  const rows = biases[layer].length;
  const inputs = weights[layer].length / rows;
  const columns = inputs + 1;
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const value = (at: number): number => {
      const [j, k] = [Math.floor(at / columns), at % columns];
      return k < inputs ? weights[layer][j * inputs + k] : biases[layer][j];
    };
    drawHeat(canvas.current, columns, value, reach, rows);
  }, [weights, biases, layer, reach, colours]);
  const cell = Math.max(1, Math.min(20, Math.floor(640 / columns)));
  const [width, height] = [columns * cell, rows * Math.max(cell, 6)];
  const name = isLast ? 'Output' : `Layer ${layer + 1}`;
  return (
    <figure style={{ maxWidth: '100%' }}>
      <div class="matrix" style={{ width: `${width}px`, height: `${height}px` }}>
        <canvas ref={canvas} role="img" aria-label={`Gradient of ${name}, ${rows} by ${columns}`} />
        {chosen && (
          <i
            style={{
              left: `${(chosen.k / columns) * 100}%`,
              top: `${(chosen.j / rows) * 100}%`,
              width: `${100 / columns}%`,
              height: `${100 / rows}%`,
            }}
          />
        )}
      </div>
      <figcaption>
        {name}: {rows} × {inputs}, and b
      </figcaption>
    </figure>
  );
}
