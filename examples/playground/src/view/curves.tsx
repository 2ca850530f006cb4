/** Loss and accuracy over the steps, by uPlot. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Curve } from '../session/history.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { watchCalmly } from '../session/watch.js';
import { theme } from '../session/theme.js';
import { about, number } from './format.js';
import { palette } from './palette.js';

const HEIGHT = 130;

export function Curves({ session }: { readonly session: Session }): JSX.Element {
  const hasClasses = useStore(session.dataSet, (dataSet) => dataSet?.task !== 'regression');
  return (
    <div class="curves">
      <Chart session={session} curve="loss" title="Loss" />
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
}: {
  readonly session: Session;
  readonly curve: Curve;
  readonly title: string;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const chart = new uPlot(optionsOf(curve, element.clientWidth), session.history.of(curve), element);
    const draw = (): void => chart.setData(session.history.of(curve));
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
  }, [session, curve]);
  return (
    <figure class="curve">
      <figcaption>
        {title} <i class="train">train</i> <i class="test">test</i>
      </figcaption>
      <div
        ref={box}
        style={{ height: `${HEIGHT}px` }}
        role="img"
        aria-label={`${title} over the steps, on training and test examples`}
      />
    </figure>
  );
}

function optionsOf(curve: Curve, width: number): uPlot.Options {
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
      y: curve === 'accuracy' ? { range: [0, 1] } : { range: (_, low, high) => [Math.min(0, low), high || 1] },
    },
    axes: [
      { ...axis, size: 22, space: 60, values: (_, steps) => steps.map(about) },
      { ...axis, size: 50, space: 28, values: (_, ticks) => ticks.map((tick) => value(tick)) },
    ],
    series: [
      {},
      { stroke: () => palette().positive, width: 1.75, points: { show: false } },
      { stroke: () => palette().negative, width: 1.75, dash: [5, 3], points: { show: false } },
    ],
  };
}
