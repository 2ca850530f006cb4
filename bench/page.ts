/** docs/benchmark.md and the README's figures, from the sessions that are kept, one for each maker of processors. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { root } from '../scripts/project.js';
import { renderBrowsers } from './browser/results.js';
import type { BrowserSession } from './browser/results.js';
import { renderMachine, type Machine } from './machine.js';
import { fillMarkers } from './markers.js';
import { renderNodes, type NodeContest } from './nodes.js';
import { renderHeadline, renderSession, renderSummary } from './peers/report.js';
import type { Session } from './peers/results.js';
import { renderSuite, type Findings } from './suite.js';

/** All that was measured in one session, of one revision, on one machine. */
export interface Report {
  readonly machine: Machine;
  readonly command: string;
  readonly suite: Findings;
  readonly nodes: readonly NodeContest[];
  readonly peers: Session;
  readonly browsers: readonly BrowserSession[];
}

const SESSIONS = join(root, 'bench/sessions');

/** The name of the file that keeps a session: the maker of the processor. */
export function makerOf({ cpu }: Pick<Machine, 'cpu'>): string {
  return /amd|intel|apple|arm/i.exec(cpu)?.[0].toLowerCase() ?? 'other';
}

/** Puts a session in the place of the last one on a processor of the same maker. */
export async function keepReport(report: Report): Promise<void> {
  // five digits: more say nothing
  const text = JSON.stringify(report, (_, value: unknown) => (typeof value === 'number' ? round(value) : value), 2);
  await mkdir(SESSIONS, { recursive: true });
  await writeFile(join(SESSIONS, `${makerOf(report.machine)}.json`), `${text}\n`);
}

function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}

/** The sessions that are kept, the newest first. */
export async function readReports(): Promise<Report[]> {
  const files = (await readdir(SESSIONS)).filter((file) => file.endsWith('.json')).sort();
  const reports = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(SESSIONS, file), 'utf8')) as Report),
  );
  return reports.sort((a, b) => (a.machine.date < b.machine.date ? 1 : -1));
}

/** The whole of docs/benchmark.md, as prettier wants it. */
export async function renderPage(reports: readonly Report[]): Promise<string> {
  const path = join(root, 'docs/benchmark.md');
  const style = await prettier.resolveConfig(path);
  return prettier.format([INTRODUCTION, ...reports.map(renderReport)].join('\n\n'), { ...style, filepath: path });
}

/** Writes the page, and the newest session's figures into the README. */
export async function writePages(reports: readonly Report[]): Promise<void> {
  await writeFile(join(root, 'docs/benchmark.md'), await renderPage(reports));
  const [{ peers }] = reports;
  const { renderChart } = await import('./peers/chart.js'); // it needs what bench/peers installs
  await writeFile(join(root, 'docs/benchmark.svg'), await renderChart(peers));
  await fillMarkers(join(root, 'README.md'), 'headline', renderHeadline(peers));
  await fillMarkers(join(root, 'README.md'), 'peers', renderSummary(peers));
}

const INTRODUCTION = `# The benchmark

\`npm run bench:report\` measures all of this in one session, of one revision, and writes this page whole; a session is kept
for each maker of processors (\`bench/sessions/\`). What it measures by turns takes its turns in one process, or, where
contestants need their own, in processes that all wait for each other. What is unsteady is measured a second time, and says
so when it stays so. Give it a quiet machine, for half an hour.

The other libraries are installed into \`bench/peers\`. PyTorch and NumPy take part where a Python has them (on Debian:
\`python3-torch\`, \`python3-numpy\`, and \`libopenblas0-pthread\`, without which both multiply ten times as slowly). The plain
TypeScript is a trainer as good as we could make it: register-tiled, its code generated for each network.`;

function renderReport({ machine, command, suite, nodes, peers, browsers }: Report): string {
  const on = `On ${machine.cpu}, Node ${machine.node}:`;
  const part = (title: string, text: string): string => `### ${title}\n\n${on}\n\n${text.replaceAll(/^###/gm, '####')}`;
  return [
    `## ${machine.cpu}`,
    `${renderMachine(machine)} \`${command}\``,
    part('Beside plain TypeScript', renderSuite(suite)),
    part('By version of Node', NODES + renderNodes(nodes)),
    part('Beside other libraries', renderSession(peers)),
    part('In browsers', renderBrowsers(browsers)),
  ].join('\n\n');
}

const NODES = `The rows with 256 bits have \`import 'chainrule/wide'\`; a version that is missing there gains nothing by it. Node
20 has no relaxed SIMD, so \`fused\` is the plain build there.

`;
