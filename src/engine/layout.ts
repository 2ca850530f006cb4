/**
 * How a network lies in memory: sizes first, then one allocation, then offsets.
 *
 * The kernels work in panels of 8 outputs, so rows are padded to 8 floats. Where a stride would be a multiple of 512
 * bytes it is 64 bytes longer, so that the rows of a tile do not all compete for the same few sets of the cache.
 */

const PANEL = 8;

/** What the layout needs to know of a layer. */
export interface LayerShape {
  readonly inputs: number;
  readonly outputs: number;
}

/** The sizes of one layer in floats, and where its parameters begin among the network's. */
export interface LayerLayout extends LayerShape {
  /** Distance of rows: of the layer's inputs, and of its z, a and d. */
  readonly lda: number;
  readonly ld: number;
  /** 0 for a layer with one output, whose weights are one vector. */
  readonly panels: number;
  readonly panelStride: number;
  readonly weightOffset: number;
  readonly biasOffset: number;
}

/** All parameters: the layers one after another, weights then biases, `count` floats in all. */
export interface NetworkLayout {
  readonly layers: readonly LayerLayout[];
  readonly count: number;
}

const padded = (count: number): number => Math.ceil(count / PANEL) * PANEL;

/** Not a multiple of 64 floats: rows so far apart share a few lines of a first cache, and drive each other out. */
function rowStride(count: number): number {
  if (count === 1) return 1;
  const stride = padded(count);
  return stride % 64 === 0 ? stride + 16 : stride;
}

/** Floats that `rowStride` leaves between the last panel of a row and the next: they hold whatever was there. */
export function gapOf({ outputs, ld }: LayerLayout): number {
  return ld === 1 ? 0 : ld - padded(outputs);
}

export function layOut(shapes: readonly LayerShape[]): NetworkLayout {
  let offset = 0;
  const layers = shapes.map(({ inputs, outputs }): LayerLayout => {
    const panels = outputs === 1 ? 0 : padded(outputs) / PANEL;
    const panelRows = padded(inputs) + (padded(inputs) % 16 === 0 ? 2 : 0);
    const panelStride = panelRows * PANEL;
    const weightOffset = offset;
    const biasOffset = weightOffset + (panels ? panels * panelStride : padded(inputs));
    offset = biasOffset + padded(outputs);
    return {
      inputs,
      outputs,
      lda: rowStride(inputs),
      ld: rowStride(outputs),
      panels,
      panelStride,
      weightOffset,
      biasOffset,
    };
  });
  return { layers, count: offset };
}

/** Copies weights [outputs, inputs], row-major, to where the kernels want them. */
export function packWeights(layer: LayerLayout, weights: ArrayLike<number>, packed: Float32Array): void {
  const { inputs, outputs } = layer;
  // plain loops: with a call for each weight, a new process takes 6 instead of 2 ms over W2's (measured)
  for (let j = 0; j < outputs; j++) {
    const { start, step } = placeOf(layer, j);
    let at = start;
    for (let i = j * inputs; i < (j + 1) * inputs; i++, at += step) packed[at] = weights[i];
  }
}

/** Copies the kernels' weights to [outputs, inputs], row-major. */
export function unpackWeights(layer: LayerLayout, packed: Float32Array, weights: Float32Array): void {
  const { inputs, outputs } = layer;
  for (let j = 0; j < outputs; j++) {
    const { start, step } = placeOf(layer, j);
    let at = start;
    for (let i = j * inputs; i < (j + 1) * inputs; i++, at += step) weights[i] = packed[at];
  }
}

/** Where the first weight of output j lies among the packed ones, and how far apart they are. */
function placeOf({ panels, panelStride }: LayerLayout, j: number): { start: number; step: number } {
  if (panels === 0) return { start: 0, step: 1 };
  return { start: Math.floor(j / PANEL) * panelStride + (j % PANEL), step: PANEL };
}

/** Hands out offsets in bytes, each at a multiple of 64. */
export class Offsets {
  bytes = 0;

  take(bytes: number): number {
    const offset = this.bytes;
    this.bytes += Math.ceil(bytes / 64) * 64;
    return offset;
  }

  /** Room for `count` floats, and for the whole vector that a kernel may write behind them. */
  floats(count: number): number {
    return this.take(count * 4 + 32);
  }
}
