/** Loss and accuracy over the steps, by uPlot. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { seriesOf, type Curve } from '../session/history.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { watchCalmly } from '../session/watch.js';
import { theme } from '../session/theme.js';
import { Switch } from './fields.jsx';
import { about, number } from './format.js';
import { palette } from './palette.js';

const HEIGHT = 130;
/** uPlot has it in its types only. */
const LOGARITHMIC: object = { distr: 3 };

export function Curves({ session }: { readonly session: Session }): JSX.Element {
  const hasClasses = useStore(session.dataSet, (dataSet) => dataSet?.task !== 'regression');
  const [isLog, setLog] = useState(false);
  return (
    <div class="curves">
      <Chart session={session} curve="loss" title="Loss" isLog={isLog}>
        <Switch label="log scale" value={isLog} onChange={setLog} />
      </Chart>
      {hasClasses ? (
        <Chart session={session} curve="accuracy" title="Accuracy" />
      ) : (
        <p class="note">A number has no accuracy.</p>
      )}
    </div>
  );
}

function Chart({
  session,
  curve,
  title,
  isLog = false,
  children,
}: {
  readonly session: Session;
  readonly curve: Curve;
  readonly title: string;
  /** Each line of the grid is ten times the one below. */
  readonly isLog?: boolean;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = new uPlot(
      optionsOf(curve, isLog, element.clientWidth),
      seriesOf(session.snapshot.value, curve, isLog),
      element,
    );
    const draw = (): void => chart.setData(seriesOf(session.snapshot.value, curve, isLog));
    const observer = new ResizeObserver(([{ contentRect }]) =>
      chart.setSize({ width: contentRect.width, height: HEIGHT }),
    );
    observer.observe(element);
    const ends = [watchCalmly(session.snapshot, draw), theme.watch(() => chart.redraw(false, true))];
    return () => {
      for (const end of ends) end();
      observer.disconnect();
      chart.destroy();
    };
  }, [session, curve, isLog]);
  return (
    <figure class="curve">
      <figcaption>
        <span>
          {title} <i class="train">train</i> <i class="test">test</i>
        </span>
        {children}
      </figcaption>
      <div
        ref={box}
        style={{ height: `${HEIGHT}px` }}
        role="img"
        aria-label={`${title} over the steps, on training and test examples${isLog ? ', on a log scale' : ''}`}
      />
    </figure>
  );
}

/** A margin each way; without values, something to draw. */
function logRange(_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  return low && high ? [low / 1.2, high * 1.2] : [0.1, 1];
}

function scaleOf(curve: Curve, isLog: boolean): uPlot.Scale {
  if (curve === 'accuracy') return { range: [0, 1] };
  if (isLog) return Object.assign({ range: logRange }, LOGARITHMIC);
  return { range: (_, low, high) => [Math.min(0, low), high || 1] };
}

function optionsOf(curve: Curve, isLog: boolean, width: number): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => palette().quiet,
    grid: { stroke: () => palette().line, width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  };
  const value = curve === 'loss' ? number : (share: number) => `${Math.round(share * 100)} %`;
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 14, 0, 0],
    scales: {
      x: { time: false },
      y: scaleOf(curve, isLog),
    },
    axes: [
      { ...axis, size: 22, space: 60, values: (_, steps) => steps.map(about) },
      { ...axis, size: 50, space: 28, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : value(tick))) },
    ],
    series: [
      {},
      { stroke: () => palette().train, width: 1.75, points: { show: false } },
      { stroke: () => palette().test, width: 1.75, dash: [5, 3], points: { show: false } },
    ],
  };
}
