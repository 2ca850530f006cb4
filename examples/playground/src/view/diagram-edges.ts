/** Draws the weights: blue above 0, orange below, the wider the larger. */
import type { Snapshot } from '../training/protocol.js';
import { curveOf, edgesOf, type Edge, type Geometry, type Place } from './diagram-geometry.js';
import { palette } from './palette.js';

/** What is picked out among the edges. */
export interface Marks {
  readonly pointed: Edge | undefined;
  readonly chosen: Edge;
  /** All weights into this neuron stand out, and the others stand back. */
  readonly neuron: { readonly layer: number; readonly j: number } | undefined;
}

export function drawEdges(canvas: HTMLCanvasElement, geometry: Geometry, snapshot: Snapshot, marks: Marks): void {
  const context = prepare(canvas, geometry);
  if (!context) return;
  const { positive, negative, quiet, text } = palette();
  const trace = (edge: Edge): void => {
    const curve = curveOf(geometry, edge);
    if (curve) tracePath(context, curve);
  };
  if (geometry.isPicture) drawFan(context, geometry, quiet);
  for (const edge of edgesOf(geometry)) {
    const weight = weightOf(snapshot, edge);
    if (weight === undefined) continue;
    const size = Math.abs(weight);
    const isApart = marks.neuron && (marks.neuron.layer !== edge.layer || marks.neuron.j !== edge.j);
    context.globalAlpha = (0.15 + (0.7 * size) / (size + 1)) * (isApart ? 0.15 : 1);
    context.strokeStyle = weight < 0 ? negative : positive;
    context.lineWidth = widthOf(size);
    trace(edge);
  }
  context.globalAlpha = 1;
  for (const edge of [marks.chosen, marks.pointed]) {
    const weight = edge && weightOf(snapshot, edge);
    if (!edge || weight === undefined) continue;
    context.strokeStyle = text;
    context.lineWidth = widthOf(Math.abs(weight)) + 3;
    trace(edge);
    context.strokeStyle = weight < 0 ? negative : positive;
    context.lineWidth = Math.max(1.5, widthOf(Math.abs(weight)));
    trace(edge);
  }
}

/** w_jk of the snapshot, if there is such a weight. */
export function weightOf({ weights, biases }: Snapshot, { layer, j, k }: Edge): number | undefined {
  if (!weights[layer]) return undefined;
  const inputs = weights[layer].length / biases[layer].length;
  return k < inputs ? weights[layer][j * inputs + k] : undefined;
}

function widthOf(size: number): number {
  return 0.6 + (6 * size) / (size + 2);
}

function prepare(canvas: HTMLCanvasElement, { width, height }: Geometry): CanvasRenderingContext2D | undefined {
  const ratio = Math.min(2, devicePixelRatio);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function tracePath(context: CanvasRenderingContext2D, [from, to, reach]: readonly [Place, Place, number]): void {
  const [x1, x2] = [from.x + from.size / 2, to.x - to.size / 2];
  context.beginPath();
  context.moveTo(x1, from.y);
  context.bezierCurveTo(x1 + reach, from.y, x2 - reach, to.y, x2, to.y);
  context.stroke();
}

/** From a picture to each neuron: hundreds of weights, which the neuron's own tile shows. */
function drawFan(context: CanvasRenderingContext2D, geometry: Geometry, colour: string): void {
  context.strokeStyle = colour;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  for (const { index } of geometry.columns[1]) {
    const curve = curveOf(geometry, { layer: 0, j: index, k: 0 });
    if (curve) tracePath(context, curve);
  }
}
