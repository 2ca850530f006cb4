/** The examples on the plane. */
import { classOf, type DataSet, type Examples, type Plane } from '../data/data-set.js';
import { reachOf } from './heat.js';
import { palette } from './palette.js';

const SIDE = 640;
const RADIUS = 8;
/** More would hide the map. */
const MOST_POINTS = 1500;
/** The same in both themes: the map below may be light or dark in either. */
const EDGE = 'rgb(16 20 24)';
const HALO = 'rgb(255 255 255 / 60%)';

interface Shown {
  readonly withTest: boolean;
  /** The one that the chain rule is shown for. */
  readonly example: number;
}

/** Draws the examples, each with a dark edge and a light one around it, on whatever colour: see `shape`. */
export function drawPoints(
  canvas: HTMLCanvasElement,
  dataSet: DataSet,
  plane: Plane,
  { withTest, example }: Shown,
): void {
  if (canvas.width !== SIDE) [canvas.width, canvas.height] = [SIDE, SIDE];
  const context = canvas.getContext('2d');
  if (!context) return;
  context.clearRect(0, 0, SIDE, SIDE);
  const colour = colourOf(dataSet);
  const draw = (set: Examples, isTest: boolean): void => {
    const width = set.y.length / set.count;
    for (let row = 0; row < Math.min(set.count, MOST_POINTS); row++) {
      shape(context, placeOf(set, row, dataSet.inputs.length, plane), isTest);
      context.lineWidth = 5;
      context.strokeStyle = HALO;
      context.stroke();
      context.lineWidth = 2.5;
      context.strokeStyle = EDGE;
      context.stroke();
      context.fillStyle = colour(set.y.subarray(row * width, (row + 1) * width));
      context.fill();
    }
  };
  draw(dataSet.train, false);
  if (withTest) draw(dataSet.test, true);
  const isTest = example >= dataSet.train.count;
  if (isTest && !withTest) return;
  const set = isTest ? dataSet.test : dataSet.train;
  const row = Math.min(set.count - 1, example - (isTest ? dataSet.train.count : 0));
  drawRing(context, placeOf(set, row, dataSet.inputs.length, plane));
}

/** A disc for an example to learn from, a square on its corner for one held out. */
function shape(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], isTest: boolean): void {
  context.beginPath();
  if (!isTest) {
    context.arc(x, y, RADIUS, 0, 7);
    return;
  }
  const reach = RADIUS * 1.25;
  context.moveTo(x, y - reach);
  context.lineTo(x + reach, y);
  context.lineTo(x, y + reach);
  context.lineTo(x - reach, y);
  context.closePath();
}

/** Around the example that is looked at. */
function drawRing(context: CanvasRenderingContext2D, [x, y]: readonly [number, number]): void {
  context.beginPath();
  context.arc(x, y, RADIUS + 7, 0, 7);
  for (const [width, colour] of [
    [7, EDGE],
    [3, '#fff'],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** The example nearest to a point of the plane, given as shares from the left and from the top; if it is near. */
export function nearestExample(
  dataSet: DataSet,
  plane: Plane,
  across: number,
  down: number,
  withTest: boolean,
): number | undefined {
  let nearest: number | undefined;
  let least = 30 * 30;
  const visit = (set: Examples, first: number): void => {
    for (let row = 0; row < Math.min(set.count, MOST_POINTS); row++) {
      const [x, y] = placeOf(set, row, dataSet.inputs.length, plane);
      const square = (x - across * SIDE) * (x - across * SIDE) + (y - down * SIDE) * (y - down * SIDE);
      if (square < least) [least, nearest] = [square, first + row];
    }
  };
  visit(dataSet.train, 0);
  if (withTest) visit(dataSet.test, dataSet.train.count);
  return nearest;
}

function placeOf({ x }: Examples, row: number, inputs: number, { inputs: axes, from, to }: Plane): [number, number] {
  const share = (axis: 0 | 1): number => (x[row * inputs + axes[axis]] - from[axis]) / (to[axis] - from[axis]);
  return [share(0) * SIDE, (1 - share(1)) * SIDE];
}

function colourOf({ task, train }: DataSet): (target: Float32Array) => string {
  const { positive, negative, ramp, classes } = palette();
  if (task === 'binary') return ([y]) => (y > 0.5 ? positive : negative);
  if (task === 'classes') return (row) => classes[classOf(task, row) % classes.length];
  const most = reachOf(train.y.length, (at) => train.y[at]) || 1;
  return ([y]) => {
    const colour = ramp[Math.max(0, Math.min(255, Math.round((y / most + 1) * 127.5)))];
    return `rgb(${colour & 255} ${(colour >>> 8) & 255} ${(colour >>> 16) & 255})`;
  };
}
