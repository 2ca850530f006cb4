/** A canvas to draw a digit on, and what the network takes it for, while one draws and while it learns. */
import type { JSX, TargetedPointerEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { classOf, slice } from '../data/data-set.js';
import { SIDE } from '../data/digits.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { theme } from '../session/theme.js';
import { percent } from './format.js';
import { drawHeat } from './heat.js';
import { palette } from './palette.js';
import { pictureOf } from './sketch-picture.js';

const CANVAS = 280;
const PEN = 22;

export function Sketch({ session }: { readonly session: Session }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const seen = useRef<HTMLCanvasElement>(null);
  const dataSet = useStore(session.dataSet);
  const pixels = useStore(session.sketch, (sketch) => sketch?.values);
  const colours = useStore(theme);

  useEffect(() => () => session.sketch.set(undefined), [session]);
  useLayoutEffect(() => {
    if (seen.current) drawHeat(seen.current, SIDE, (at) => pixels?.[at] ?? 0, 1);
  }, [pixels, colours]);

  const clear = (): void => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    context?.clearRect(0, 0, CANVAS, CANVAS);
    session.sketch.set(undefined);
  };
  const draw = (x: number, y: number): void => {
    const picture = canvas.current && pictureOf(canvas.current);
    if (picture) session.draw({ ...session.sketch.value, values: picture.ink }, picture.pixelAt(x, y));
  };
  /** For those who can't draw with a pointer: one of the digits held out. */
  const takeOne = (): void => {
    if (!dataSet || !canvas.current) return;
    const row = Math.floor(Math.random() * dataSet.test.count);
    const { x, y } = slice(dataSet.test, row, row + 1);
    layPicture(canvas.current, x);
    session.draw({ values: x, meant: classOf(dataSet.task, y) }, x.indexOf(Math.max(...x)));
  };
  return (
    <div class="sketch">
      <p class="note">
        Draw a digit: the network says what it sees, and the derivative is that of the pixel under your pen.
      </p>
      <div class="sketch-row">
        <Pad canvas={canvas} onDraw={draw} />
        <Guesses session={session} names={dataSet?.outputs ?? []} />
      </div>
      <div class="row">
        <button type="button" onClick={clear}>
          Clear
        </button>
        <button type="button" onClick={takeOne}>
          Show a held-out digit
        </button>
        <figure class="seen">
          <canvas ref={seen} width={SIDE} height={SIDE} role="img" aria-label="The drawing in 28 by 28 pixels" />
          <figcaption>as it sees it</figcaption>
        </figure>
      </div>
    </div>
  );
}

function Pad({
  canvas,
  onDraw,
}: {
  readonly canvas: { readonly current: HTMLCanvasElement | null };
  /** The pen is at a point of the canvas. */
  readonly onDraw: (x: number, y: number) => void;
}): JSX.Element {
  const last = useRef<readonly [number, number] | undefined>(undefined);
  const draw = (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
    const context = event.currentTarget.getContext('2d', { willReadFrequently: true });
    if (!last.current || !context) return;
    const { width } = event.currentTarget.getBoundingClientRect();
    const point = [(event.offsetX * CANVAS) / width, (event.offsetY * CANVAS) / width] as const;
    context.strokeStyle = palette().positive;
    context.lineWidth = PEN;
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(...last.current);
    context.lineTo(...point);
    context.stroke();
    last.current = point;
    onDraw(...point);
  };
  return (
    <canvas
      ref={canvas}
      class="pad"
      width={CANVAS}
      height={CANVAS}
      role="img"
      aria-label="Canvas to draw a digit on"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const { width } = event.currentTarget.getBoundingClientRect();
        last.current = [(event.offsetX * CANVAS) / width, (event.offsetY * CANVAS) / width];
        draw(event);
      }}
      onPointerMove={draw}
      onPointerUp={() => (last.current = undefined)}
      onPointerCancel={() => (last.current = undefined)}
    />
  );
}

function Guesses({ session, names }: { readonly session: Session; readonly names: readonly string[] }): JSX.Element {
  const outputs = useStore(session.snapshot, (snapshot) => snapshot?.sketch);
  const best = outputs ? outputs.indexOf(Math.max(...outputs)) : -1;
  return (
    <ol class="guesses" aria-label="What the network takes it for">
      {names.map((name, index) => {
        const value = outputs?.[index] ?? 0;
        return (
          <li key={name} class={index === best ? 'best' : ''} aria-label={`${name}: ${percent(value)}`}>
            <b>{name}</b>
            <i style={{ transform: `scaleX(${Math.max(0, Math.min(1, value))})` }} />
            <span>{outputs ? percent(value) : ''}</span>
          </li>
        );
      })}
    </ol>
  );
}

function layPicture(canvas: HTMLCanvasElement, picture: Float32Array): void {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const small = new OffscreenCanvas(SIDE, SIDE);
  const ink = small.getContext('2d');
  if (!context || !ink) return;
  const image = ink.createImageData(SIDE, SIDE);
  const colour = palette().ramp[255];
  picture.forEach((value, at) => {
    image.data.set([colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255, value * 255], at * 4);
  });
  ink.putImageData(image, 0, 0);
  context.clearRect(0, 0, CANVAS, CANVAS);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, CANVAS, CANVAS);
}
