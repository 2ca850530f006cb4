/**
 * Draws both passes over the connections: the activations, which run right, and the deltas, which run back left along
 * every path from the cost to the chosen weight, as wide as what each connection carries, |w · δ|: the widest of a layer
 * is its largest.
 */
import type { Part } from '../session/factors.js';
import type { Focus } from '../setting/setting.js';
import type { Lens, Snapshot } from '../training/protocol.js';
import { drawBehind, type Pen } from './back-canvas.js';
import { curveOf, curveToCost, pathOf, pointAt, type Curve, type Geometry, type Place } from './diagram-geometry.js';
import { reachOf } from './heat.js';
import { palette } from './palette.js';

/** A stretch of the way back: w · δ of a connection, or from the cost to an output its δ. */
interface Stretch {
  readonly curve: Curve;
  readonly value: number;
  /** Its share of the largest of its layer. */
  readonly strength: number;
}

export interface Flow {
  readonly geometry: Geometry;
  readonly focus: Focus;
  readonly lens: Lens;
  /** δ of each neuron: of the example, or averaged over the scope. */
  readonly deltas: readonly Float32Array[];
  /** From the chosen neuron on, layer by layer; the way to the cost comes last. */
  readonly stretches: readonly (readonly Stretch[])[];
}

export function flowOf(geometry: Geometry, { weights, lens }: Snapshot): Flow | undefined {
  if (!lens) return undefined;
  const { focus, explanation, gradient, scope } = lens;
  // the gradient of a bias is δ, averaged
  const deltas = scope === 'example' || !gradient ? explanation.layers.map(({ delta }) => delta) : gradient.biases;
  const stretches: (readonly Stretch[])[] = [];
  for (let layer = focus.layer + 1; layer < deltas.length; layer++) {
    const inputs = weights[layer].length / deltas[layer].length;
    const froms = layer === focus.layer + 1 ? [focus.j] : geometry.columns[layer].map(({ index }) => index);
    stretches.push(
      stretchesOf(
        froms.flatMap((k) =>
          geometry.columns[layer + 1].flatMap(({ index: j }) => {
            const curve = curveOf(geometry, { layer, j, k });
            return curve ? [{ curve, value: weights[layer][j * inputs + k] * deltas[layer][j] }] : [];
          }),
        ),
      ),
    );
  }
  const outputs = focus.layer === deltas.length - 1 ? [focus.j] : geometry.columns[deltas.length].map((at) => at.index);
  const last = deltas[deltas.length - 1];
  stretches.push(
    stretchesOf(
      outputs.flatMap((j) => {
        const curve = curveToCost(geometry, j);
        return curve ? [{ curve, value: last[j] }] : [];
      }),
    ),
  );
  return { geometry, focus, lens, deltas, stretches };
}

/** Those of one layer. */
function stretchesOf(values: readonly Omit<Stretch, 'strength'>[]): readonly Stretch[] {
  const most = reachOf(values.length, (at) => values[at].value);
  return values.map((stretch) => ({ ...stretch, strength: most > 0 ? Math.abs(stretch.value) / most : 0 }));
}

/** Which part of the chain a neuron stands for: where the weight comes from, where it leads, or what lies behind. */
export function partOf({ layer, index }: Place, focus: Focus): Part | undefined {
  if (layer === focus.layer - 1 && index === focus.k) return 'input';
  if (layer === focus.layer && index === focus.j) return 'slope';
  return layer > focus.layer ? 'dA' : undefined;
}

/** How long the two passes take to run through the picture once a connection has been picked. */
export const RUN_MS = 1600;

/** `run` is how far the passes have run, from 0 to 1: forwards in the first half, backwards in the second. */
export function drawFlow(canvas: HTMLCanvasElement, flow: Flow, part: Part | undefined, run: number): Generator<void> {
  return drawBehind(canvas, flow.geometry, function* (pen) {
    yield* drawStretches(pen, flow, part);
    drawGauges(pen, flow, part);
    yield;
    drawCost(pen, flow, part);
    if (run < 1) drawRunners(pen, flow, run);
  });
}

/** Stretches of a piece. */
const PIECE = 16;

function* drawStretches(context: Pen, { stretches }: Flow, part: Part | undefined): Generator<void> {
  const { positive, negative, card } = palette();
  context.lineCap = 'round';
  for (const [at, { curve, value, strength }] of stretches.flat().entries()) {
    if (at % PIECE === PIECE - 1) yield;
    const path = pathOf(curve);
    const width = 0.75 + 6.5 * strength;
    context.globalAlpha = 1;
    context.strokeStyle = card;
    context.lineWidth = width + 3;
    context.stroke(path);
    context.globalAlpha = (part === undefined || part === 'dA' ? 1 : 0.35) * (0.35 + 0.65 * Math.sqrt(strength));
    context.strokeStyle = value < 0 ? negative : positive;
    context.lineWidth = part === 'dA' ? width + 1.5 : width;
    context.stroke(path);
    if (strength > 0.02) drawArrow(context, curve, width);
  }
  context.globalAlpha = 1;
}

/** Points back, in the middle of a stretch. */
function drawArrow(context: Pen, curve: Curve, width: number): void {
  const [[x, y], [fromX, fromY]] = [pointAt(curve, 0.46), pointAt(curve, 0.54)];
  const angle = Math.atan2(y - fromY, x - fromX);
  const size = 4 + width * 0.6;
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.fillStyle = context.strokeStyle;
  context.beginPath();
  context.moveTo(size, 0);
  context.lineTo(-size * 0.6, size * 0.8);
  context.lineTo(-size * 0.6, -size * 0.8);
  context.fill();
  context.restore();
}

const GAUGE = 4;

/** Beside each neuron: right its activation, against its layer's largest; left its δ, against the largest of all. */
function drawGauges(context: Pen, { geometry, lens, deltas, focus }: Flow, part: Part | undefined): void {
  const { layers } = lens.explanation;
  const most = Math.max(...deltas.map((values) => reachOf(values.length, (at) => values[at])));
  for (const place of geometry.columns.flat()) {
    const { layer, index, x, size } = place;
    if (layer < 0 && geometry.isPicture) continue;
    const activations = layer < 0 ? lens.input : layers[layer].a;
    const isInput = part === 'input' && layer === focus.layer - 1 && index === focus.k;
    const largest = reachOf(activations.length, (at) => activations[at]);
    drawGauge(context, place, x + size / 2 + 1.5, activations[index] / largest, isInput);
    if (layer >= 0) drawGauge(context, place, x - size / 2 - 1.5 - GAUGE, deltas[layer][index] / most, false);
  }
}

/** From the middle up, or below 0 down. */
function drawGauge(context: Pen, { y, size }: Place, left: number, share: number, isLit: boolean): void {
  const { positive, negative, card, line, accent } = palette();
  context.fillStyle = card;
  context.fillRect(left - 1, y - size / 2, GAUGE + 2, size);
  context.fillStyle = isLit ? accent : line;
  context.fillRect(left, y - size / 2, GAUGE, size);
  if (!Number.isFinite(share)) return;
  const length = (share * size) / 2;
  context.fillStyle = share < 0 ? negative : positive;
  context.fillRect(left, y - Math.max(length, 0), GAUGE, Math.max(1, Math.abs(length)));
}

function drawCost(context: Pen, { geometry: { cost } }: Flow, part: Part | undefined): void {
  const { text, card, accent } = palette();
  context.beginPath();
  context.arc(cost.x, cost.y, cost.size / 2, 0, 2 * Math.PI);
  context.fillStyle = card;
  context.fill();
  context.strokeStyle = part === 'dA' ? accent : text;
  context.lineWidth = part === 'dA' ? 3 : 1.5;
  context.stroke();
  context.fillStyle = text;
  context.font = 'italic 600 14px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText('C', cost.x, cost.y + 0.5);
}

/** Dots that run along the weight and every path: right with the activations, then left with the deltas. */
function drawRunners(context: Pen, { geometry, focus, stretches }: Flow, run: number): void {
  const { text } = palette();
  const own = curveOf(geometry, focus);
  const stages: (readonly Omit<Stretch, 'value'>[])[] = [own ? [{ curve: own, strength: 1 }] : [], ...stretches];
  const way = (run < 0.5 ? 2 * run : 2 - 2 * run) * stages.length;
  const stage = Math.min(stages.length - 1, Math.floor(way));
  context.fillStyle = text;
  for (const { curve, strength } of stages[stage]) {
    const [x, y] = pointAt(curve, way - stage);
    context.beginPath();
    context.arc(x, y, 2.5 + 2.5 * strength, 0, 2 * Math.PI);
    context.fill();
  }
}
