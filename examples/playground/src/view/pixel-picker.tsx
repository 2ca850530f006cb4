/** Chooses one of the 784 inputs of a picture: by a click on it, or by row and column. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { SIDE } from '../data/digits.js';
import { useStore } from '../session/store.js';
import { theme } from '../session/theme.js';
import { NumberField } from './fields.jsx';
import { drawHeat } from './heat.js';

const BOUNDS = { min: 1, max: SIDE, whole: true };

export function PixelPicker({
  pixels,
  chosen,
  onChoose,
}: {
  readonly pixels: Float32Array;
  readonly chosen: number;
  readonly onChoose: (pixel: number) => void;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useStore(theme);
  useLayoutEffect(() => {
    if (canvas.current) drawHeat(canvas.current, SIDE, (at) => pixels[at], 1);
  }, [pixels, colours]);
  const [row, column] = [Math.floor(chosen / SIDE), chosen % SIDE];
  const share = (index: number): string => `${(index / SIDE) * 100}%`;
  return (
    <div class="pixel-picker">
      <div class="picture">
        <canvas
          ref={canvas}
          width={SIDE}
          height={SIDE}
          role="img"
          aria-label="The example: choose a pixel"
          onPointerDown={({ currentTarget, offsetX, offsetY }) => {
            const { width, height } = currentTarget.getBoundingClientRect();
            const at = (offset: number, size: number): number =>
              Math.max(0, Math.min(SIDE - 1, Math.floor((offset / size) * SIDE)));
            onChoose(at(offsetY, height) * SIDE + at(offsetX, width));
          }}
        />
        <i style={{ left: share(column), top: share(row) }} />
      </div>
      <NumberField
        label="row"
        value={row + 1}
        bounds={BOUNDS}
        step={1}
        onChange={(value) => onChoose((value - 1) * SIDE + column)}
      />
      <NumberField
        label="column"
        value={column + 1}
        bounds={BOUNDS}
        step={1}
        onChange={(value) => onChoose(row * SIDE + value - 1)}
      />
    </div>
  );
}
