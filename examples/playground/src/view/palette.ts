/** The colours of what is drawn on canvases, from the style sheet, in either theme. */
import { theme } from '../session/theme.js';

type Rgb = readonly [number, number, number];

export interface Palette {
  readonly positive: string;
  readonly negative: string;
  readonly text: string;
  /** Of what is said of the examples to learn from, and of those held out. */
  readonly train: string;
  readonly test: string;
  readonly quiet: string;
  readonly line: string;
  readonly card: string;
  readonly accent: string;
  /** For -1 to 1 in 256 steps: what `ImageData` takes as a 32-bit number. */
  readonly ramp: Uint32Array;
  /** Of classes, when there are more than two. */
  readonly classes: readonly string[];
  readonly classRgb: readonly Rgb[];
  /** What stands for a value that is no number, in stripes with the card. */
  readonly broken: number;
  readonly blank: number;
}

/** Okabe and Ito's colours, which all kinds of colour vision tell apart, and two greys. */
const CLASSES: readonly Rgb[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [200, 190, 40],
  [120, 94, 240],
  [110, 110, 110],
  [170, 170, 170],
];

let current: Palette | undefined;
theme.watch(() => (current = undefined));

export function palette(): Palette {
  current ??= read();
  return current;
}

function read(): Palette {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string): string => style.getPropertyValue(name).trim();
  const rgb = (name: string): Rgb => text(name).split(' ').map(Number) as unknown as Rgb;
  const [below, middle, above] = [rgb('--map-negative'), rgb('--map-middle'), rgb('--map-positive')];
  const ramp = Uint32Array.from({ length: 256 }, (_, i) => {
    const t = i / 127.5 - 1;
    return pack(mix(middle, t < 0 ? below : above, Math.abs(t)));
  });
  return {
    positive: text('--positive'),
    negative: text('--negative'),
    text: text('--text'),
    train: text('--train'),
    test: text('--test'),
    quiet: text('--quiet'),
    line: text('--line'),
    card: text('--card'),
    accent: text('--accent'),
    ramp,
    classes: CLASSES.map((colour) => `rgb(${colour.join(' ')})`),
    classRgb: CLASSES,
    broken: pack(rgb('--map-broken')),
    blank: pack(middle),
  };
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => from[i] + (to[i] - from[i]) * share) as unknown as Rgb;
}

/** Opaque, as the bytes lie in memory: red first. */
export function pack([r, g, b]: Rgb): number {
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}
