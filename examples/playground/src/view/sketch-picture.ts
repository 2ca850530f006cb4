/**
 * A drawing as the network knows digits: MNIST's were scaled to fit 20 × 20 pixels and laid in 28 × 28 with their
 * centre of mass in the middle.
 */
import { PIXELS, SIDE } from '../data/digits.js';

const FIT = 20;

export interface Picture {
  /** From 0 to 1, in 28 × 28 pixels. */
  readonly ink: Float32Array;
  /** The pixel that holds a point of the canvas. */
  readonly pixelAt: (x: number, y: number) => number;
}

/** Undefined while the canvas is blank. */
export function pictureOf(canvas: HTMLCanvasElement): Picture | undefined {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const box = context && inkBox(context, canvas);
  if (!box) return undefined;
  const small = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true });
  if (!small) return undefined;
  const scale = FIT / Math.max(box.width, box.height);
  const [width, height] = [box.width * scale, box.height * scale];
  const place = (x: number, y: number): Float32Array => {
    small.clearRect(0, 0, SIDE, SIDE);
    small.imageSmoothingQuality = 'high';
    small.drawImage(canvas, box.x, box.y, box.width, box.height, x, y, width, height);
    return inkOf(small.getImageData(0, 0, SIDE, SIDE).data);
  };
  const [left, top] = [(SIDE - width) / 2, (SIDE - height) / 2];
  const centre = centreOf(place(left, top));
  const corner = [left + SIDE / 2 - centre.x, top + SIDE / 2 - centre.y] as const;
  const within = (at: number): number => Math.max(0, Math.min(SIDE - 1, Math.floor(at)));
  return {
    ink: place(...corner),
    pixelAt: (x, y) => within(corner[1] + (y - box.y) * scale) * SIDE + within(corner[0] + (x - box.x) * scale),
  };
}

function inkOf(rgba: Uint8ClampedArray): Float32Array {
  return Float32Array.from({ length: rgba.length / 4 }, (_, at) => rgba[at * 4 + 3] / 256);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function inkBox(context: CanvasRenderingContext2D, { width, height }: HTMLCanvasElement): Box | undefined {
  const { data } = context.getImageData(0, 0, width, height);
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] < 32) continue;
    const [x, y] = [((at - 3) / 4) % width, Math.floor((at - 3) / 4 / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function centreOf(ink: Float32Array): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (let at = 0; at < PIXELS; at++) {
    sum += ink[at];
    x += ink[at] * ((at % SIDE) + 0.5);
    y += ink[at] * (Math.floor(at / SIDE) + 0.5);
  }
  return { x: x / sum, y: y / sum };
}
