/** The decision surface with the examples on it. Live; the map of a neuron while the pointer is on that. */
import type { JSX, TargetedPointerEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DataSet, Plane } from '../data/data-set.js';
import { unscaled } from '../data/scaling.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { theme } from '../session/theme.js';
import { MAP_SIDE, SURFACE_SIDE, type Snapshot } from '../training/protocol.js';
import { neuronName } from './diagram-names.js';
import { Select, Switch } from './fields.jsx';
import { number } from './format.js';
import { drawClasses, drawHeat, reachOf } from './heat.js';
import { whole } from './painter.js';
import { palette } from './palette.js';
import { drawPoints, nearestExample } from './points.js';

export function Surface({ session }: { readonly session: Session }): JSX.Element {
  const dataSet = useStore(session.dataSet);
  const [withTest, setWithTest] = useState(true);
  const hidden = useStore(session.setting, ({ layers }) => layers.length);
  const pointed = useStore(session.pointed);
  const example = useStore(session.look, ({ focus }) => focus.example);
  const map = useRef<HTMLCanvasElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const plane = dataSet?.plane;

  useLayoutEffect(() => {
    const paint = (): void => {
      const snapshot = session.snapshot.value;
      const canvas = map.current;
      if (!canvas) return;
      const draw = (): void => {
        if (snapshot && dataSet) drawSurface(canvas, snapshot, dataSet, pointed);
        else clear(canvas);
      };
      session.painter.paint(canvas, whole(draw));
    };
    paint();
    const ends = [session.snapshot.watch(paint), theme.watch(paint)];
    return () => ends.forEach((end) => end());
  }, [session, dataSet, pointed]);

  useLayoutEffect(() => {
    const paint = (): void => {
      if (!points.current) return;
      if (dataSet?.plane) drawPoints(points.current, dataSet, dataSet.plane, { withTest, example });
      else clear(points.current);
    };
    paint();
    return theme.watch(paint);
  }, [dataSet, withTest, example]);

  const choose = (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
    if (!dataSet?.plane) return;
    const { width, height } = event.currentTarget.getBoundingClientRect();
    const found = nearestExample(dataSet, dataSet.plane, event.offsetX / width, event.offsetY / height, withTest);
    if (found !== undefined) session.focusOn({ example: found });
  };
  const caption = pointed && dataSet ? neuronName(pointed.layer, pointed.j, hidden, dataSet) : 'the network’s output';
  return (
    <>
      <figure class="surface">
        <canvas
          ref={map}
          width={SURFACE_SIDE}
          height={SURFACE_SIDE}
          role="img"
          aria-label={`Heat map of ${caption} over the plane`}
        />
        <canvas ref={points} class="points" onPointerDown={choose} aria-hidden="true" />
        {plane && dataSet && <AxisNames dataSet={dataSet} plane={plane} />}
      </figure>
      <div class="surface-foot">
        <span class="caption">{caption}</span>
        <Switch label="show held-out" value={withTest} onChange={setWithTest} />
      </div>
      <div class="surface-foot">
        <span class="shapes">
          <i class="disc" /> to learn from <i class="diamond" /> held out
        </span>
      </div>
      {dataSet && <Legend dataSet={dataSet} />}
      {dataSet && dataSet.inputs.length > 2 && plane && <Axes session={session} dataSet={dataSet} plane={plane} />}
    </>
  );
}

function AxisNames({ dataSet: { inputs }, plane }: { readonly dataSet: DataSet; readonly plane: Plane }): JSX.Element {
  return (
    <>
      <span class="axis across">{inputs[plane.inputs[0]]}</span>
      <span class="axis up">{inputs[plane.inputs[1]]}</span>
    </>
  );
}

/** Which inputs the map runs along: the others stand at their mean. */
function Axes({
  session,
  dataSet,
  plane,
}: {
  readonly session: Session;
  readonly dataSet: DataSet;
  readonly plane: Plane;
}): JSX.Element {
  const options = dataSet.inputs.map((name, index) => [index, name] as const);
  const [across, up] = plane.inputs;
  return (
    <div class="fields two">
      <Select label="Across" value={across} options={options} onChange={(input) => session.chooseAxes([input, up])} />
      <Select label="Up" value={up} options={options} onChange={(input) => session.chooseAxes([across, input])} />
    </div>
  );
}

function Legend({ dataSet: { task, classes, train, scaling } }: { readonly dataSet: DataSet }): JSX.Element {
  if (task === 'classes') {
    const { classes: colours } = palette();
    return (
      <ul class="legend">
        {classes.map((name, index) => (
          <li key={name}>
            <i style={{ background: colours[index % colours.length] }} />
            {name}
          </li>
        ))}
      </ul>
    );
  }
  const [low, high] =
    task === 'binary' ? classes : rangeOf(train.y).map((value) => number(unscaled(scaling?.targets[0], value)));
  return (
    <div class="legend scale">
      <span>{low}</span>
      <i class="ramp" />
      <span>{high}</span>
    </div>
  );
}

function rangeOf(values: Float32Array): [number, number] {
  const most = reachOf(values.length, (at) => values[at]);
  return [-most, most];
}

/** Of a network that is no more no picture is left. */
function clear(canvas: HTMLCanvasElement): void {
  canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
}

function drawSurface(
  canvas: HTMLCanvasElement,
  { maps, biases, large }: Snapshot,
  { task, outputs, train }: DataSet,
  pointed: { readonly layer: number; readonly j: number } | undefined,
): void {
  if (pointed && large?.layer === pointed.layer && large.j === pointed.j) {
    const { map } = large;
    drawHeat(
      canvas,
      SURFACE_SIDE,
      (at) => map[at],
      reachOf(map.length, (at) => map[at]),
    );
    return;
  }
  const last = maps.length - 1;
  const layer = pointed?.layer ?? last;
  const map = maps[layer];
  if (!map) return;
  const side = layer === last ? SURFACE_SIDE : MAP_SIDE;
  const units = biases[layer].length;
  if (layer < last || (pointed && units > 1)) {
    const value = (at: number): number => map[at * units + (pointed?.j ?? 0)];
    drawHeat(canvas, side, value, reachOf(side * side, value));
    return;
  }
  if (task === 'classes') {
    drawClasses(canvas, side, map, outputs.length);
    return;
  }
  // of two classes the boundary, at one half, is the middle colour
  if (task === 'binary') {
    drawHeat(canvas, side, (at) => 2 * map[at] - 1, 1);
    return;
  }
  drawHeat(canvas, side, (at) => map[at], rangeOf(train.y)[1]);
}
