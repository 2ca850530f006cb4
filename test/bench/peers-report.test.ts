import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { renderBrowsers } from '../../bench/browser/results.js';
import { fillText } from '../../bench/markers.js';
import type { Rate } from '../../bench/measure.js';
import { renderHeadline, renderSession, renderSummary } from '../../bench/peers/report.js';
import type { Contest, Session } from '../../bench/peers/results.js';
import { root } from '../../scripts/project.js';

const learning = { before: 2, afterFirst: 1.5, steps: 10, after: 0.5 };
const rate = (median: number): Rate => ({ min: median / 2, median, max: 2 * median, spread: 0.04, calls: 3 });

const training: Contest = {
  name: 'W1',
  title: '2-3',
  batchSize: 10,
  flopsPerSample: 100_000,
  peak: { best: 50, separate: 50 },
  cells: [
    { peer: 'synaptic', missing: 'not installed' },
    { peer: 'chainrule', rate: rate(100_000), learning },
    { peer: 'PyTorch', version: '2.0', rate: rate(250_000), learning: { ...learning, after: 1.9, afterFirst: 1 } },
  ],
};
const inference: Contest = {
  ...training,
  cells: [
    { peer: 'chainrule', rate: rate(100_000), outputs: [0.5] },
    { peer: 'PyTorch', rate: rate(50_000), outputs: [0.75] },
  ],
};
const session: Session = {
  machine: {
    cpu: 'a processor',
    platform: 'linux',
    node: '20',
    v8: '11',
    date: '2000-01-01',
    revision: 'abc',
    load: 0.25,
  },
  command: 'npm run bench:peers',
  training: [training],
  inference: [inference],
};

/** The cells of the rows that begin with `peer`. */
function rowsOf(text: string, peer: string): string[][] {
  const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.filter((cells) => cells[1] === peer).map((cells) => cells.slice(2, -1));
}

test('a peer that is faster stands first, and one that is missing says why', () => {
  const text = renderSession(session);
  expect(rowsOf(text, 'PyTorch')[0]).toEqual([
    '2.0',
    '250 k',
    '125 k – 500 k',
    '4 %',
    '25.0',
    '50.0 %',
    '2.50',
    'no, 0.95 after 10',
    'before',
    '',
  ]);
  expect(rowsOf(text, 'chainrule')[0]).toEqual([
    '',
    '100 k',
    '50.0 k – 200 k',
    '4 %',
    '10.0',
    '20.0 %',
    '1.00',
    'yes, 0.25 after 10',
    'before and after',
    '',
  ]);
  expect(rowsOf(text, 'synaptic')[0].at(-1)).toBe('not measured: not installed');
  const places = ['PyTorch', 'chainrule', 'synaptic'].map((peer) => text.indexOf(`| ${peer}`));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('predictions are compared by their outputs', () => {
  const text = renderSession(session);
  expect(rowsOf(text, 'PyTorch')[1].slice(6)).toEqual(['0.500', 'no, 3e-1 off', '']);
  expect(rowsOf(text, 'chainrule')[1].slice(6)).toEqual(['1.00', 'yes', '']);
});

test('the summary has the rates of some, and a gap where there is none', () => {
  expect(rowsOf(renderSummary(session), '2-3, 10')[0]).toEqual(['100 k', '', '', '', '', '', '250 k', '']);
});

test('the headline is of one workload, and names those that it is compared with', () => {
  const cells = [...training.cells, { peer: 'pure TypeScript', rate: rate(20_000) }];
  const text = renderHeadline({ ...session, training: [training, { ...training, name: 'W2', title: '4-5', cells }] });
  expect(text).toContain(
    '**100 k examples a second** train a network of 4-5 on one thread, 5.0 times pure TypeScript (',
  );
  expect(text).toContain('a processor, Node 20');
});

test.each([
  ['README.md', ['headline', 'peers']],
  ['docs/kernels.md', ['kernels']],
])('%s has the places that a run fills', async (path, names) => {
  const document = await readFile(join(root, path), 'utf8');
  for (const name of names)
    expect(fillText(document, name, 'new')).toContain(`<!-- ${name} -->\n\nnew\n\n<!-- /${name} -->`);
});

test('browsers are compared with the library in the same browser', () => {
  const cells = [
    { name: 'chainrule', rate: rate(200_000), learning },
    { name: 'jax-js', rate: rate(50_000), learning },
    { name: 'TensorFlow.js wasm', missing: 'no SIMD' },
  ];
  const text = renderBrowsers([
    { browser: 'Firefox 1', contests: [{ name: 'W1', title: '2-3', batchSize: 10, cells }] },
  ]);
  expect(text).toContain('### Firefox 1');
  expect(text).toMatch(/\| jax-js +\| +50\.0 k \| 25\.0 k – 100 k \| +4 % \| +0\.250 \| yes +\| before and after \|/);
  expect(text).toMatch(/TensorFlow\.js wasm \| +not measured: no SIMD/);
});

test('a document keeps what stands outside the markers', () => {
  const filled = fillText('a\n<!-- x -->\nold\n<!-- /x -->\nb', 'x', 'new');
  expect(filled).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb');
  expect(() => fillText('a', 'x', 'new')).toThrow('expected <!-- x --> and <!-- /x --> in the document');
});
