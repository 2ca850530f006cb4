/** Pictures that are drawn in pieces over some frames, behind what is shown: one that is half drawn is never seen. */
import type { Geometry } from './diagram-geometry.js';

export type Pen = OffscreenCanvasRenderingContext2D;

/** `draw` yields after each piece; the canvas shows the whole. */
export function* drawBehind(
  canvas: HTMLCanvasElement,
  { width, height }: Pick<Geometry, 'width' | 'height'>,
  draw: (pen: Pen) => Iterator<void>,
): Generator<void> {
  const back = backOf(canvas);
  const ratio = Math.min(2, devicePixelRatio);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (back.canvas.width !== w || back.canvas.height !== h) [back.canvas.width, back.canvas.height] = [w, h];
  back.setTransform(ratio, 0, 0, ratio, 0, 0);
  back.clearRect(0, 0, width, height);
  const pieces = draw(back);
  while (!pieces.next().done) {
    // has the browser draw now what it was asked to, and not all at once at the end of some frame
    back.getImageData(0, 0, 1, 1);
    yield;
  }
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const shown = canvas.getContext('2d');
  shown?.clearRect(0, 0, w, h);
  shown?.drawImage(back.canvas, 0, 0);
}

const backs = new WeakMap<HTMLCanvasElement, Pen>();

function backOf(canvas: HTMLCanvasElement): Pen {
  const known = backs.get(canvas);
  if (known) return known;
  // in memory that can be read, so that a look at a pixel costs nothing else
  const made = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!made) throw new Error('the browser draws on no canvas');
  backs.set(canvas, made);
  return made;
}
