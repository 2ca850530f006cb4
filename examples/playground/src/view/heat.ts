/** Heat maps on canvases. */
import { mix, pack, palette } from './palette.js';

/** Draws side × rows values, the unit's of each row of `width` values; `scale` is what full colour stands for. */
export function drawHeat(
  canvas: HTMLCanvasElement,
  side: number,
  value: (index: number) => number,
  scale: number,
  rows = side,
): void {
  const { ramp, broken, blank } = palette();
  paint(canvas, side, rows, (index) => {
    const v = value(index);
    if (!Number.isFinite(v)) return stripe(index, side) ? broken : blank;
    const t = scale > 0 ? v / scale : 0;
    return ramp[Math.max(0, Math.min(255, Math.round((t + 1) * 127.5)))];
  });
}

/** Draws which of several outputs is the largest, the paler the less it stands out. */
export function drawClasses(canvas: HTMLCanvasElement, side: number, outputs: Float32Array, classes: number): void {
  const { classRgb, broken, blank } = palette();
  const base = unpack(blank);
  paint(canvas, side, side, (index) => {
    let best = 0;
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const v = outputs[index * classes + c];
      sum += v;
      if (v > outputs[index * classes + best]) best = c;
    }
    if (!Number.isFinite(sum)) return stripe(index, side) ? broken : blank;
    const share = Math.max(0, Math.min(1, outputs[index * classes + best]));
    return pack(mix(base, classRgb[best % classRgb.length], 0.15 + 0.6 * share));
  });
}

/** The largest magnitude among finite values, to scale by. */
export function reachOf(count: number, value: (index: number) => number): number {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const size = Math.abs(value(i));
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

function stripe(index: number, side: number): boolean {
  return ((index % side) + Math.floor(index / side)) % 6 < 3;
}

function unpack(colour: number): readonly [number, number, number] {
  return [colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255];
}

function paint(canvas: HTMLCanvasElement, width: number, height: number, colour: (index: number) => number): void {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) return;
  const { image, pixels } = imageOf(width, height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colour(i);
  context.putImageData(image, 0, 0);
}

interface Image {
  readonly image: ImageData;
  readonly pixels: Uint32Array;
}

/** One for each size: what is drawn is copied at once. */
const images = new Map<string, Image>();

function imageOf(width: number, height: number): Image {
  const known = images.get(`${width} ${height}`);
  if (known) return known;
  const image = new ImageData(width, height);
  const made = { image, pixels: new Uint32Array(image.data.buffer) };
  images.set(`${width} ${height}`, made);
  return made;
}
