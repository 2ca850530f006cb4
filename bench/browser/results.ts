/** What the page found, and as Markdown. */
import type { Rate } from '../measure.js';
import { agreement, LEARNT, type Learning } from '../peers/learning.js';
import { RATE_COLUMNS, rateCells } from '../steady.js';
import { renderTable } from '../table.js';

export interface BrowserCell {
  readonly name: string;
  readonly rate?: Rate;
  readonly learning?: Learning;
  readonly missing?: string;
}

/** The first cell is the library's. */
export interface BrowserContest {
  readonly name: string;
  readonly title: string;
  readonly batchSize: number;
  readonly cells: readonly BrowserCell[];
}

export interface BrowserSession {
  /** Name and version. */
  readonly browser: string;
  readonly contests: readonly BrowserContest[];
}

const HEADER = ['', 'network, batch', '', ...RATE_COLUMNS, '× chainrule', 'learns', 'same loss'];

export function renderBrowsers(sessions: readonly BrowserSession[]): string {
  return sessions
    .flatMap(({ browser, contests }) => [`### ${browser}`, renderTable(HEADER, contests.flatMap(contestRows))])
    .join('\n\n');
}

function contestRows({ name, title, batchSize, cells }: BrowserContest): string[][] {
  const [ours] = cells;
  return cells.map((cell, i) => [
    i === 0 ? name : '',
    i === 0 ? `${title}, ${batchSize}` : '',
    cell.name,
    ...(cell.rate
      ? [...rateCells(cell.rate), ours.rate ? (cell.rate.median / ours.rate.median).toPrecision(3) : '']
      : [`not measured: ${cell.missing ?? 'unknown'}`, '', '', '']),
    cell.learning ? (cell.learning.after / cell.learning.before < LEARNT ? 'yes' : 'no') : '',
    cell.learning && ours.learning ? agreement(cell.learning, ours.learning) : '',
  ]);
}
