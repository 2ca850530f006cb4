/** The ratios of a session as an SVG: one panel for each contest, on a logarithmic scale on which the library is 1. */
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { OURS } from './roster.js';
import { ratioOf } from './report.js';
import type { Contest, Session } from './results.js';

interface Mark {
  readonly contest: string;
  readonly peer: string;
  readonly ratio: number;
  readonly label: string;
  readonly kind: 'faster' | 'slower' | 'chainrule';
}

/** Both read well on white and on black. */
const [TEXT, GRID] = ['#7d8590', '#7d859040'];
const COLOURS: Readonly<Record<Mark['kind'], string>> = { faster: '#d9822b', slower: '#3d8fd1', chainrule: '#7d8590' };

export async function renderChart(session: Session): Promise<string> {
  const { spec } = compile(chartSpec(marksOf(session)));
  return `${await new View(parse(spec), { renderer: 'none' }).toSVG()}\n`;
}

export function marksOf({ training, inference }: Session): Mark[] {
  return [
    ...training.flatMap((contest) =>
      contestMarks(contest, `${contest.name}: ${contest.title}, batch ${contest.batchSize}`),
    ),
    ...inference.flatMap((contest) =>
      contestMarks(contest, `${contest.name}: predictions, ${contest.batchSize} at a time`),
    ),
  ];
}

function contestMarks(contest: Contest, title: string): Mark[] {
  return contest.cells.flatMap((cell) => {
    const ratio = ratioOf(cell, contest);
    if (ratio === undefined) return [];
    const kind = cell.peer.startsWith(OURS) ? 'chainrule' : ratio > 1 ? 'faster' : 'slower';
    return [{ contest: title, peer: cell.peer, ratio, label: labelOf(ratio), kind }];
  });
}

/** Two digits: 1.3, 0.085, 1/450. */
function labelOf(ratio: number): string {
  return ratio >= 0.01 ? String(Number(ratio.toPrecision(2))) : `1/${Number((1 / ratio).toPrecision(2))}`;
}

function chartSpec(values: readonly Mark[]): object {
  const x = {
    field: 'ratio',
    type: 'quantitative',
    scale: { type: 'log', nice: false, domain: [Math.min(...values.map(({ ratio }) => ratio)) / 40, 12] },
  };
  const y = { field: 'peer', type: 'nominal', sort: { field: 'ratio', order: 'descending' }, title: null };
  const axis = { title: null, values: [0.0001, 0.001, 0.01, 0.1, 1, 10], format: '~g' };
  return {
    title: {
      text: 'Speed relative to chainrule, one thread',
      subtitle: 'Logarithmic scale: 0.1 is a tenth of its samples per second, 10 is ten times as many',
    },
    data: { values },
    columns: 2,
    spacing: { column: 24, row: 24 },
    facet: {
      field: 'contest',
      type: 'nominal',
      title: null,
      sort: [...new Set(values.map(({ contest }) => contest))],
      header: { labelFontSize: 12, labelFontWeight: 'bold', labelAnchor: 'start' },
    },
    spec: {
      width: 360,
      height: { step: 17 },
      encoding: {
        x: { ...x, axis },
        y: { ...y, axis: { labelLimit: 200 } },
        color: {
          field: 'kind',
          type: 'nominal',
          legend: null,
          scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
        },
      },
      layer: [
        { mark: { type: 'rule', strokeWidth: 3 }, encoding: { x2: { datum: 1 } } },
        { mark: { type: 'point', filled: true, size: 70, opacity: 1 } },
        {
          mark: { type: 'text', align: 'left', dx: 8, fontSize: 11 },
          encoding: { text: { field: 'label' }, color: { value: TEXT } },
          transform: [{ filter: 'datum.ratio >= 1' }],
        },
        {
          mark: { type: 'text', align: 'right', dx: -8, fontSize: 11 },
          encoding: { text: { field: 'label' }, color: { value: TEXT } },
          transform: [{ filter: 'datum.ratio < 1' }],
        },
      ],
    },
    resolve: { scale: { y: 'independent' } },
    background: 'transparent',
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: GRID },
      axis: { labelColor: TEXT, gridColor: GRID, domainColor: GRID, tickColor: GRID, labelFontSize: 11 },
      header: { labelColor: TEXT },
      title: { color: TEXT, subtitleColor: TEXT, anchor: 'start', fontSize: 16 },
    },
  };
}
