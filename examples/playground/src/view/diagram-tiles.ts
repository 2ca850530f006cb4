/** The small picture of each neuron. */
import { PIXELS, SIDE } from '../data/digits.js';
import type { DataSet, Plane } from '../data/data-set.js';
import { MAP_SIDE, SURFACE_SIDE, type Snapshot } from '../training/protocol.js';
import { drawHeat, reachOf } from './heat.js';
import { palette, type Palette } from './palette.js';
import type { Place } from './diagram-geometry.js';

/** Of the largest weight, what full colour stands for: a single one must not leave the others grey. */
const CONTRAST = 0.6;

/** Draws the tile of one neuron, or of one input. */
export function drawTile(
  canvas: HTMLCanvasElement,
  { layer, index }: Place,
  snapshot: Snapshot,
  dataSet: DataSet,
): void {
  if (layer < 0) drawInput(canvas, index, snapshot, dataSet);
  else if (dataSet.plane) drawMap(canvas, layer, index, snapshot);
  else if (layer === 0) drawWeights(canvas, index, snapshot);
  else drawActivation(canvas, layer, index, snapshot);
}

/** What the tiles of inputs show. */
const drawn = new WeakMap<HTMLCanvasElement, { plane: Plane; palette: Palette; index: number }>();

/** An input over the plane: it rises along its own axis, and is even along the others. */
function drawInput(canvas: HTMLCanvasElement, index: number, { lens }: Snapshot, { plane }: DataSet): void {
  if (!plane) {
    const pixels = lens?.input;
    if (pixels?.length === PIXELS) drawHeat(canvas, SIDE, (at) => pixels[at], 1);
    return;
  }
  const { inputs, from, to } = plane;
  // it is the same at every step
  const known = drawn.get(canvas);
  if (known?.plane === plane && known.palette === palette() && known.index === index) return;
  drawn.set(canvas, { plane, palette: palette(), index });
  const along = (axis: 0 | 1, share: number): number => from[axis] + share * (to[axis] - from[axis]);
  const most = Math.max(...[...from, ...to].map(Math.abs));
  drawHeat(
    canvas,
    MAP_SIDE,
    (at) => {
      if (index === inputs[0]) return along(0, ((at % MAP_SIDE) + 0.5) / MAP_SIDE);
      if (index === inputs[1]) return along(1, 1 - (Math.floor(at / MAP_SIDE) + 0.5) / MAP_SIDE);
      return 0;
    },
    most,
  );
}

/** The activation over the plane. */
function drawMap(canvas: HTMLCanvasElement, layer: number, index: number, { maps, biases }: Snapshot): void {
  const map = maps[layer];
  const units = biases[layer].length;
  const side = layer === maps.length - 1 ? SURFACE_SIDE : MAP_SIDE;
  const value = (at: number): number => map[at * units + index];
  drawHeat(canvas, side, value, reachOf(side * side, value));
}

/** What a neuron of the first layer looks for in a picture. */
function drawWeights(canvas: HTMLCanvasElement, index: number, { weights }: Snapshot): void {
  const row = weights[0].subarray(index * PIXELS, (index + 1) * PIXELS);
  const value = (at: number): number => row[at];
  drawHeat(canvas, SIDE, value, reachOf(PIXELS, value) * CONTRAST);
}

/** The activation for the one example that is looked at, against the layer's largest. */
function drawActivation(canvas: HTMLCanvasElement, layer: number, index: number, { lens }: Snapshot): void {
  const a = lens?.explanation.layers[layer].a;
  if (!a) return;
  drawHeat(
    canvas,
    1,
    () => a[index],
    reachOf(a.length, (at) => a[at]),
  );
}
