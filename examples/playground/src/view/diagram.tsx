/** The network's picture: a tile for each neuron, a line for each weight. Painted at each snapshot, not rendered. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DataSet } from '../data/data-set.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { theme } from '../session/theme.js';
import type { Snapshot } from '../training/protocol.js';
import { drawEdges } from './diagram-edges.js';
import { useFlow } from './diagram-animation.js';
import { partOf } from './diagram-flow.js';
import {
  curveOf,
  edgeAt,
  edgesOf,
  layOut,
  MOST_SHOWN,
  placeOf,
  pointAt,
  type Edge,
  type Geometry,
  type Place,
} from './diagram-geometry.js';
import { edgeName, neuronName } from './diagram-names.js';
import { drawTile } from './diagram-tiles.js';
import { edgeValues, SHOWN, type EdgeValues } from './diagram-values.js';
import { number } from './format.js';
import { whole } from './painter.js';
import { holdUntilTap, isTouch, pointHandlers } from './pointing.js';
import { useWidth } from './use-width.js';

/** On a phone the columns are narrow, and so are the tiles. */
const [HEIGHT, LOW, NARROW] = [340, 320, 480];

export function Diagram({ session }: { readonly session: Session }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const dataSet = useStore(session.dataSet);
  const layers = useStore(session.setting, (setting) => setting.layers);
  const height = width < NARROW ? LOW : HEIGHT;
  const { layer, j, k } = useStore(session.look, ({ focus }) => focus);
  // of a long column those are shown among which the focus is, unless others were asked for since
  const [turned, setTurned] = useState<Readonly<Record<number, number>>>({});
  useEffect(() => setTurned({}), [layer, j, k, layers, dataSet]);
  const geometry = useMemo(() => {
    if (!dataSet || width === 0) return undefined;
    const sizes = [dataSet.inputs.length, ...layers.map(({ units }) => units), dataSet.outputs.length];
    const inputs = dataSet.plane ? dataSet.inputs : [];
    const focused: Record<number, number> = { [layer + 1]: j, [layer]: k };
    const firsts = sizes.map((_, column) => turned[column] ?? pageOf(focused[column] ?? 0));
    return layOut(width, height, sizes, { inputs, outputs: dataSet.outputs.length > 1 ? dataSet.outputs : [] }, firsts);
  }, [dataSet, layers, width, height, layer, j, k, turned]);
  const turn = (column: number): void => {
    const places = geometry?.columns[column] ?? [];
    const next = (places.at(-1)?.index ?? 0) + 1;
    const isLast = next >= places.length + (geometry?.hidden[column] ?? 0);
    setTurned({ ...turned, [column]: isLast ? 0 : next });
  };
  return (
    <div class="diagram" ref={box} style={{ height: `${height}px` }}>
      {geometry && dataSet && <Picture {...{ session, geometry, dataSet, turn }} hidden={layers.length} />}
    </div>
  );
}

interface PictureProps {
  readonly session: Session;
  readonly geometry: Geometry;
  readonly dataSet: DataSet;
  /** Hidden layers. */
  readonly hidden: number;
  /** Shows others of a column that is too long. */
  readonly turn: (column: number) => void;
}

/** The first of those that are shown with a neuron. */
function pageOf(index: number): number {
  return index - (index % MOST_SHOWN);
}

function Picture({ session, geometry, dataSet, hidden, turn }: PictureProps): JSX.Element {
  const edges = useRef<HTMLCanvasElement>(null);
  const tiles = useRef(new Map<Place, HTMLCanvasElement>());
  const tip = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<Edge | undefined>(undefined);
  const neuron = useStore(session.pointed);
  const look = useStore(session.look);
  const shows = useStore(session.shows);
  const part = useStore(session.part);
  const states = useStore(session.snapshot, (snapshot) => snapshot?.states.map((layer) => layer.join()).join(';'));
  const stateOf = ({ layer, index }: Place): string => states?.split(';')[layer]?.split(',')[index] ?? 'fine';
  const flow = useRef<HTMLCanvasElement>(null);
  useFlow(flow, session, geometry);
  const places = geometry.columns.flat();

  useLayoutEffect(() => {
    const { painter } = session;
    const paint = (): void => {
      const snapshot = session.snapshot.value;
      if (!snapshot || !fits(snapshot, geometry) || !edges.current) return;
      const values = edgeValues(snapshot, shows);
      const canvas = edges.current;
      const marks = { pointed, chosen: look.focus, neuron };
      painter.paint(canvas, () => drawEdges(canvas, geometry, values, marks));
      for (const [place, tile] of tiles.current) {
        painter.paint(
          tile,
          whole(() => drawTile(tile, place, snapshot, dataSet)),
        );
      }
      if (tip.current)
        placeTip(
          tip.current,
          tipOf(snapshot, { geometry, dataSet, hidden }, pointed, neuron, values, SHOWN[shows].name),
        );
    };
    paint();
    const ends = [session.snapshot.watch(paint), theme.watch(paint)];
    return () => ends.forEach((end) => end());
  }, [session, geometry, dataSet, hidden, pointed, neuron, look, shows]);

  const choose = (edge: Edge | undefined): void => {
    if (edge) session.focusOn(edge);
  };
  return (
    <>
      <canvas
        ref={edges}
        class="edges"
        tabIndex={0}
        role="application"
        aria-label="Weights. Arrow keys go from one to the next; Enter shows its chain rule."
        onPointerMove={(event) => !isTouch(event) && setPointed(edgeAt(geometry, event.offsetX, event.offsetY))}
        onPointerLeave={(event) => !isTouch(event) && setPointed(undefined)}
        onPointerUp={(event) => {
          if (!isTouch(event)) return;
          setPointed(edgeAt(geometry, event.offsetX, event.offsetY));
          holdUntilTap(() => setPointed(undefined));
        }}
        onClick={(event) => choose(edgeAt(geometry, event.offsetX, event.offsetY))}
        onFocus={(event) =>
          event.currentTarget.matches(':focus-visible') && setPointed(firstEdge(geometry, look.focus))
        }
        onBlur={() => setPointed(undefined)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            choose(pointed);
          }
          const next = neighbour(geometry, pointed ?? firstEdge(geometry, look.focus), event.key);
          if (!next) return;
          event.preventDefault();
          setPointed(next);
        }}
      />
      <canvas ref={flow} class="flow-lines" aria-hidden="true" />
      {places.map((place) => (
        <Tile
          key={`${place.layer}.${place.index}`}
          place={place}
          name={
            geometry.isPicture && place.layer < 0
              ? 'The example, 784 pixels'
              : neuronName(place.layer, place.index, hidden, dataSet)
          }
          caption={captionOf(place, geometry, dataSet, hidden)}
          onCanvas={(canvas) => {
            if (canvas) tiles.current.set(place, canvas);
            else tiles.current.delete(place);
          }}
          state={stateOf(place)}
          isLit={part !== undefined && partOf(place, look.focus) === part}
          onPoint={(on) => {
            session.pointed.set(on && place.layer >= 0 ? { layer: place.layer, j: place.index } : undefined);
            session.part.set(on ? partOf(place, look.focus) : undefined);
          }}
          onChoose={() => place.layer >= 0 && session.focusOn({ layer: place.layer, j: place.index })}
        />
      ))}
      {geometry.hidden.map((count, column) => {
        const x = geometry.columns[column][0].x;
        const title = `Show others of the ${count + geometry.columns[column].length} ${column === 0 ? 'inputs' : 'neurons'}`;
        return (
          count > 0 && (
            <button
              key={column}
              type="button"
              class="more"
              style={{ left: `${x}px` }}
              title={title}
              aria-label={`+${count} more: ${title}`}
              onClick={() => turn(column)}
            >
              +{count} more
            </button>
          )
        );
      })}
      <div ref={tip} class="tip" role="status" hidden />
    </>
  );
}

function Tile({
  place: { x, y, size, layer },
  name,
  caption,
  state,
  isLit,
  onCanvas,
  onPoint,
  onChoose,
}: {
  readonly place: Place;
  readonly name: string;
  readonly caption: string | undefined;
  /** Whether it passes anything on. */
  readonly state: string;
  /** It stands for the part of the chain that is pointed at. */
  readonly isLit: boolean;
  readonly onCanvas: (canvas: HTMLCanvasElement | null) => void;
  readonly onPoint: (on: boolean) => void;
  readonly onChoose: () => void;
}): JSX.Element {
  const style = { left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` };
  return (
    <button
      type="button"
      class={`neuron ${layer < 0 ? 'input' : ''} ${isLit ? 'lit' : ''} ${state}`}
      style={style}
      aria-label={state === 'fine' ? name : `${name}, ${state}`}
      {...pointHandlers(onPoint)}
      onClick={onChoose}
    >
      <canvas ref={onCanvas} width={1} height={1} aria-hidden="true" />
      {caption !== undefined && <span>{caption}</span>}
    </button>
  );
}

/** A snapshot of the network before the last change has other layers. */
function fits({ biases }: Snapshot, { columns, hidden }: Geometry): boolean {
  const sizes = columns.slice(1).map((places, index) => places.length + hidden[index + 1]);
  return biases.length === sizes.length && biases.every(({ length }, layer) => length === sizes[layer]);
}

function captionOf(
  { layer, index }: Place,
  { isPicture }: Geometry,
  dataSet: DataSet,
  hidden: number,
): string | undefined {
  if (layer < 0) return isPicture ? undefined : dataSet.inputs[index];
  return layer === hidden && dataSet.outputs.length > 1 ? dataSet.outputs[index] : undefined;
}

interface Tip {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

function tipOf(
  snapshot: Snapshot,
  { geometry, dataSet, hidden }: Omit<PictureProps, 'session' | 'turn'>,
  edge: Edge | undefined,
  neuron: { readonly layer: number; readonly j: number } | undefined,
  values: EdgeValues,
  name: string,
): Tip | undefined {
  const curve = edge && curveOf(geometry, edge);
  if (edge && curve) {
    const [value, [x, y]] = [values.of(edge), pointAt(curve, 0.5)];
    const shown = value === undefined ? 'no step yet' : `${name} = ${number(value)}`;
    return { x, y, text: `${shown}, ${edgeName(edge, hidden, dataSet)}` };
  }
  const place = neuron && placeOf(geometry, neuron.layer + 1, neuron.j);
  const bias = neuron && snapshot.biases[neuron.layer]?.[neuron.j];
  if (!neuron || !place || bias === undefined) return undefined;
  const title = neuronName(neuron.layer, neuron.j, hidden, dataSet);
  return { x: place.x, y: place.y - place.size / 2, text: `${title}: b = ${number(bias)}` };
}

function placeTip(element: HTMLElement, tip: Tip | undefined): void {
  element.hidden = tip === undefined;
  if (!tip) return;
  if (element.textContent !== tip.text) element.textContent = tip.text;
  const room = (element.parentElement?.clientWidth ?? 0) - element.offsetWidth;
  const left = Math.max(0, Math.min(room, tip.x - element.offsetWidth / 2));
  const top = Math.max(0, tip.y - element.offsetHeight - 8);
  element.style.transform = `translate(${left}px, ${top}px)`;
}

/** Where the keyboard begins: the chosen weight, if it is drawn. */
function firstEdge(geometry: Geometry, { layer, j, k }: Edge): Edge | undefined {
  const edges = [...edgesOf(geometry)];
  return edges.find((edge) => edge.layer === layer && edge.j === j && edge.k === k) ?? edges[0];
}

/** Up and down along the inputs of a neuron and on to the next neuron's, left and right from layer to layer. */
function neighbour(geometry: Geometry, edge: Edge | undefined, key: string): Edge | undefined {
  const edges = [...edgesOf(geometry)];
  const at = edges.findIndex(({ layer, j, k }) => layer === edge?.layer && j === edge.j && k === edge.k);
  if (at < 0 || !edge) return undefined;
  if (key === 'ArrowDown') return edges[at + 1];
  if (key === 'ArrowUp') return edges[at - 1];
  if (key === 'ArrowRight') return edges.find(({ layer }) => layer === edge.layer + 1);
  if (key === 'ArrowLeft') return edges.find(({ layer }) => layer === edge.layer - 1);
  return undefined;
}
