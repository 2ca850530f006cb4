/** Draws the connections: blue above 0, orange below, the wider the larger. */
import { drawBehind, type Pen } from './back-canvas.js';
import { curveOf, edgesOf, pathOf, type Edge, type Geometry } from './diagram-geometry.js';
import type { EdgeValues } from './diagram-values.js';
import { palette } from './palette.js';

/** What is picked out among the edges. */
export interface Marks {
  readonly pointed: Edge | undefined;
  readonly chosen: Edge;
  /** All weights into this neuron stand out, and the others stand back. */
  readonly neuron: { readonly layer: number; readonly j: number } | undefined;
}

/** Connections of a piece. */
const PIECE = 32;

export function drawEdges(
  canvas: HTMLCanvasElement,
  geometry: Geometry,
  values: EdgeValues,
  marks: Marks,
): Generator<void> {
  return drawBehind(canvas, geometry, (pen) => edges(pen, geometry, values, marks));
}

function* edges(context: Pen, geometry: Geometry, values: EdgeValues, marks: Marks): Generator<void> {
  const { positive, negative, quiet, text } = palette();
  const trace = (edge: Edge): void => {
    const curve = curveOf(geometry, edge);
    if (curve) context.stroke(pathOf(curve));
  };
  if (geometry.isPicture) drawFan(context, geometry, quiet);
  let drawn = 0;
  for (const edge of edgesOf(geometry)) {
    const value = values.of(edge);
    if (value === undefined) continue;
    if (drawn++ % PIECE === PIECE - 1) yield;
    const strength = values.strength(value);
    const isApart = marks.neuron && (marks.neuron.layer !== edge.layer || marks.neuron.j !== edge.j);
    context.globalAlpha = (0.15 + 0.7 * strength) * (isApart ? 0.15 : 1);
    context.strokeStyle = value < 0 ? negative : positive;
    context.lineWidth = widthOf(strength);
    trace(edge);
  }
  context.globalAlpha = 1;
  for (const edge of [marks.chosen, marks.pointed]) {
    if (!edge) continue;
    const value = values.of(edge) ?? 0;
    const width = Math.max(1.5, widthOf(values.strength(value)));
    context.strokeStyle = text;
    context.lineWidth = width + 3;
    trace(edge);
    context.strokeStyle = value < 0 ? negative : positive;
    context.lineWidth = width;
    trace(edge);
  }
}

function widthOf(strength: number): number {
  return 0.6 + 5.4 * strength;
}

/** From a picture to each neuron: hundreds of weights, which the neuron's own tile shows. */
function drawFan(context: Pen, geometry: Geometry, colour: string): void {
  context.strokeStyle = colour;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  for (const { index } of geometry.columns[1]) {
    const curve = curveOf(geometry, { layer: 0, j: index, k: 0 });
    if (curve) context.stroke(pathOf(curve));
  }
}
