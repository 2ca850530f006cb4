/** Where the neurons of the picture stand. */

export interface Place {
  /** -1 for the inputs, then the layers from 0. */
  readonly layer: number;
  readonly index: number;
  /** The centre, in CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export interface Geometry {
  readonly width: number;
  readonly height: number;
  /** Of each column, the inputs first: those that are shown. */
  readonly columns: readonly (readonly Place[])[];
  /** Where the cost stands, behind the outputs. */
  readonly cost: Place;
  /** How far the names of the outputs reach. */
  readonly named: number;
  /** How many neurons of each column are there but not shown. */
  readonly hidden: readonly number[];
  /** The inputs are one picture, not a neuron each. */
  readonly isPicture: boolean;
}

/** From one place to another, and how far the handles of its ends reach. */
export type Curve = readonly [from: Place, to: Place, reach: number];

/** A weight of the picture. */
export interface Edge {
  readonly layer: number;
  readonly j: number;
  readonly k: number;
}

export const MOST_SHOWN = 16;
const LARGEST = 40;
const GAP = 8;
const MARGIN = 6;
/** Room for the names beside the inputs and the outputs, as their longest needs. */
const LETTER = 6.5;
const MOST_LETTERS = 11;
/** Room for a line of text below the columns, and above. */
const TEXT = 20;
const PICTURE = 72;
/** The cost, and the way to it from the outputs' names. */
const COST = 26;
const COST_WAY = 34;

export interface Names {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Places the columns evenly, each around the middle. `sizes` begins with the inputs; a picture has no names. Of columns
 * that are too long, those from `firsts` on are shown.
 */
export function layOut(
  width: number,
  height: number,
  sizes: readonly number[],
  names: Names,
  firsts: readonly number[] = [],
): Geometry {
  const isPicture = names.inputs.length === 0;
  const shown = sizes.map((size, column) => (column === 0 && isPicture ? 1 : Math.min(size, MOST_SHOWN)));
  const pitch = Math.min(LARGEST + GAP, (height - 2 * TEXT) / Math.max(...shown));
  const [left, right] = [roomFor(names.inputs), roomFor(names.outputs) + COST + COST_WAY];
  const room = (width - left - right) / sizes.length;
  const size = Math.max(12, Math.min(pitch - GAP * Math.min(1, pitch / 30), room - 6));
  const picture = Math.min(PICTURE, room - 4);
  const first = left + (isPicture ? picture : size) / 2;
  const last = width - right - size / 2;
  const columns = shown.map((count, column) => {
    const from = Math.max(0, Math.min(firsts[column] ?? 0, sizes[column] - count));
    const x = sizes.length === 1 ? width / 2 : first + ((last - first) * column) / (sizes.length - 1);
    return Array.from({ length: count }, (_, index): Place => {
      const y = height / 2 + (index - (count - 1) / 2) * pitch;
      return {
        layer: column - 1,
        index: isPicture && column === 0 ? 0 : from + index,
        x,
        y,
        size: column === 0 && isPicture ? picture : size,
      };
    });
  });
  const hidden = sizes.map((count, column) => (column === 0 && isPicture ? 0 : count - shown[column]));
  const cost = { layer: sizes.length - 1, index: 0, x: width - MARGIN - COST / 2, y: height / 2, size: COST };
  const named = names.outputs.length > 0 ? roomFor(names.outputs) + MARGIN : 0;
  return { width, height, columns, cost, named, hidden, isPicture };
}

function roomFor(names: readonly string[]): number {
  const longest = Math.max(0, ...names.map(({ length }) => length));
  return MARGIN + Math.ceil(Math.min(longest, MOST_LETTERS) * LETTER);
}

/** Undefined for a neuron that is not shown. */
export function placeOf({ columns }: Geometry, column: number, index: number): Place | undefined {
  const places = columns[column];
  return places?.[index - places[0].index];
}

/** The curve of an edge: its two ends, and how far its handles reach. */
export function curveOf(geometry: Geometry, { layer, j, k }: Edge): Curve | undefined {
  const to = placeOf(geometry, layer + 1, j);
  const from = placeOf(geometry, layer, geometry.isPicture && layer === 0 ? 0 : k);
  return from && to && [from, to, (to.x - from.x) * 0.45];
}

/** The curve from an output to the cost. */
export function curveToCost(geometry: Geometry, j: number): Curve | undefined {
  const { columns, cost, named } = geometry;
  const output = placeOf(geometry, columns.length - 1, j);
  const from = output && { ...output, x: output.x + named };
  return from && [from, cost, (cost.x - from.x) * 0.3];
}

/** Every edge that is drawn, layer by layer. */
export function* edgesOf(geometry: Geometry): Generator<Edge> {
  for (let layer = 0; layer + 1 < geometry.columns.length; layer++) {
    if (geometry.isPicture && layer === 0) continue;
    for (const to of geometry.columns[layer + 1]) {
      for (const from of geometry.columns[layer]) yield { layer, j: to.index, k: from.index };
    }
  }
}

/** A curve as a canvas takes it. */
export function pathOf([from, to, reach]: Curve): Path2D {
  const [x1, x2] = [from.x + from.size / 2, to.x - to.size / 2];
  const path = new Path2D();
  path.moveTo(x1, from.y);
  path.bezierCurveTo(x1 + reach, from.y, x2 - reach, to.y, x2, to.y);
  return path;
}

/** The point of an edge's curve at `t` from 0 to 1. */
export function pointAt([from, to, reach]: Curve, t: number): readonly [number, number] {
  const s = 1 - t;
  const [x1, x2] = [from.x + from.size / 2, to.x - to.size / 2];
  const x = s * s * s * x1 + 3 * s * s * t * (x1 + reach) + 3 * s * t * t * (x2 - reach) + t * t * t * x2;
  const y = s * s * (s + 3 * t) * from.y + t * t * (t + 3 * s) * to.y;
  return [x, y];
}

/** The edge nearest to a point, if it is near. */
export function edgeAt(geometry: Geometry, x: number, y: number): Edge | undefined {
  let nearest: Edge | undefined;
  let least = 7 * 7;
  for (const edge of edgesOf(geometry)) {
    const curve = curveOf(geometry, edge);
    if (!curve || x < curve[0].x || x > curve[1].x) continue;
    for (let t = 0; t <= 1; t += 1 / 24) {
      const [px, py] = pointAt(curve, t);
      const square = (px - x) * (px - x) + (py - y) * (py - y);
      if (square < least) [least, nearest] = [square, edge];
    }
  }
  return nearest;
}
