/** The parts of the main example: its reader, its metrics, its report. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { duration, percent, whole } from '../../examples/digits/format.js';
import {
  confusionMatrix,
  frequentConfusions,
  guesses,
  matrixText,
  precision,
  recall,
  rightAnswers,
  worstMistakes,
} from '../../examples/digits/metrics.js';
import {
  DigitFileError,
  PIXELS,
  SIDE,
  digitsFolder,
  loadTest,
  loadTraining,
  pairDigits,
  readImages,
  readLabels,
} from '../../examples/digits/mnist.js';
import type { Options } from '../../examples/digits/options.js';
import { greyPng } from '../../examples/digits/png.js';
import type { EpochResult } from '../../examples/digits/progress.js';
import { buildReport, embedJson, escapeHtml, type Run } from '../../examples/digits/report.js';
import { createNetwork, dense } from '../../src/index.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chainrule-digits-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An IDX file: big-endian header words, then bytes. */
function idx(header: number[], values: number[]): Uint8Array {
  const bytes = new Uint8Array(header.length * 4 + values.length);
  const view = new DataView(bytes.buffer);
  header.forEach((word, i) => view.setUint32(i * 4, word));
  bytes.set(values, header.length * 4);
  return bytes;
}

const picture = Array.from({ length: PIXELS }, (_, i) => i % 256);

describe('the reader of IDX files', () => {
  test('reads the real training digits, as many as are asked for', () => {
    const { count, images, labels } = loadTraining(100);
    expect([count, images.length, labels.length]).toEqual([100, 100 * PIXELS, 100]);
    expect([...labels.slice(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(Math.min(...images)).toBe(0);
    expect(Math.max(...images)).toBe(1);
  });

  test('reads the real test digits', () => {
    const { count, images, labels } = loadTest();
    expect([count, images.length, labels.length]).toEqual([10_000, 10_000 * PIXELS, 10_000]);
    expect([...labels.slice(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  });

  test('scales pixels to 0..1, each to the nearest float32', () => {
    const { images } = pairDigits(Uint8Array.from(picture), Uint8Array.of(3), 'made-up');
    picture.forEach((value, i) => expect(images[i]).toBe(Math.fround(value / 255)));
  });

  test('reads a file that is a view into a larger buffer', () => {
    const padded = new Uint8Array(30);
    padded.set(idx([2049, 3], [1, 2, 3]), 7);
    expect([...readLabels(padded.subarray(7, 7 + 11), 'labels')]).toEqual([1, 2, 3]);
  });

  test.each([
    ['an empty file', () => readImages(new Uint8Array(0), 'f'), '"f" has 0 bytes: expected at least 16, its header'],
    ['half a header', () => readLabels(new Uint8Array(7), 'f'), '"f" has 7 bytes: expected at least 8, its header'],
    [
      'labels in place of pictures',
      () => readImages(idx([2049, 8], [1, 2, 3, 4, 5, 6, 7, 8]), 'f'),
      '"f" begins with the number 2049: expected 2051, the mark of its kind',
    ],
    [
      'pictures in place of labels',
      () => readLabels(idx([2051, 1, 28, 28], picture), 'f'),
      '"f" begins with the number 2051: expected 2049, the mark of its kind',
    ],
    [
      'pictures of another size',
      () => readImages(idx([2051, 1, 14, 56], picture), 'f'),
      '"f" holds pictures of 14 × 56: expected 28 × 28',
    ],
    [
      'a truncated file',
      () => readImages(idx([2051, 1, 28, 28], picture).subarray(0, 500), 'f'),
      '"f" has 500 bytes: expected 800 (a header of 16, then 1 × 784)',
    ],
    [
      'a count that is too low',
      () => readLabels(idx([2049, 2], [1, 2, 3]), 'f'),
      '"f" has 11 bytes: expected 10 (a header of 8, then 2 × 1)',
    ],
    [
      'a count far beyond the file',
      () => readImages(idx([2051, 0xffffffff, 28, 28], picture), 'f'),
      '"f" has 800 bytes: expected 3,367,254,359,296 (a header of 16, then 4,294,967,295 × 784)',
    ],
    [
      'a label that is no digit',
      () => readLabels(idx([2049, 3], [9, 10, 0]), 'f'),
      '"f" has the label 10 at 1: expected a digit from 0 to 9',
    ],
    [
      'more pictures than labels',
      () => pairDigits(new Uint8Array(2 * PIXELS), new Uint8Array(1), 'test'),
      'The test digits have 2 pictures and 1 labels: expected as many',
    ],
  ])('refuses %s', (_, read, message) => {
    expect(read).toThrow(new DigitFileError(message));
    expect(read).toThrow(DigitFileError);
  });

  test('refuses the real file once its end is cut off', () => {
    const bytes = readFileSync(join(digitsFolder(), 't10k-images-idx3-ubyte')).subarray(0, -1);
    expect(() => readImages(bytes, 't10k')).toThrow('"t10k" has 7,840,015 bytes: expected 7,840,016');
  });

  test('names a file that is missing, and one that is damaged', () => {
    expect(() => loadTest(folder)).toThrow(/t10k-images-idx3-ubyte" could not be read: ENOENT/);
    writeFileSync(join(folder, 't10k-images-idx3-ubyte'), idx([2051, 1, 28, 28], picture));
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), idx([2049, 2], [4, 5]));
    expect(() => loadTest(folder)).toThrow('The test digits have 1 pictures and 2 labels: expected as many');
  });
});

// Five examples of three classes: two right, and three wrong in the order of their loss 3, 1, 4.
const truth = Uint8Array.of(0, 1, 2, 0, 1);
const probabilities = Float32Array.of(
  ...[0.75, 0.25, 0],
  ...[0.625, 0.125, 0.25],
  ...[0.25, 0.25, 0.5],
  ...[0, 0.5, 0.5],
  ...[0.5, 0.375, 0.125],
);
const matrix = confusionMatrix(truth, guesses(probabilities, 3), 3);

describe('metrics', () => {
  test('the guess is the most probable class, and of equals the first', () => {
    expect([...guesses(probabilities, 3)]).toEqual([0, 0, 2, 1, 0]);
  });

  test('the confusion matrix counts truth by guess', () => {
    expect(matrix).toEqual([
      [1, 1, 0],
      [2, 0, 0],
      [0, 0, 1],
    ]);
    expect(rightAnswers(matrix)).toBe(2);
    expect(recall(matrix)).toEqual([0.5, 0, 1]);
    expect(precision(matrix)).toEqual([1 / 3, 0, 1]);
  });

  test('a class without examples or guesses has no recall or precision', () => {
    const none = confusionMatrix(Uint8Array.of(0), Uint8Array.of(0), 2);
    expect(recall(none)).toEqual([1, NaN]);
    expect(precision(none)).toEqual([1, NaN]);
    expect(matrixText(none)).toContain('–');
  });

  test('lists the most frequent confusions', () => {
    expect(frequentConfusions(matrix, 1)).toEqual([{ truth: 1, guess: 0, count: 2 }]);
    expect(frequentConfusions(matrix, 9)).toHaveLength(2);
  });

  test('lists the mistakes with the highest loss first', () => {
    expect(worstMistakes(probabilities, truth, 3, 2)).toEqual([
      { index: 3, truth: 0, guess: 1, guessProbability: 0.5, truthProbability: 0 },
      { index: 1, truth: 1, guess: 0, guessProbability: 0.625, truthProbability: 0.125 },
    ]);
    expect(worstMistakes(probabilities, truth, 3, 40).map(({ index }) => index)).toEqual([3, 1, 4]);
  });

  test('of mistakes with the same loss, the surer guess is the worse', () => {
    const rows = Float32Array.of(...[0, 0.5, 0.5], ...[0, 0.75, 0.25], ...[0, 0.75, 0.25]);
    expect(worstMistakes(rows, Uint8Array.of(0, 0, 0), 3, 3).map(({ index }) => index)).toEqual([1, 2, 0]);
  });

  test('writes the matrix within 80 columns', () => {
    const full = Array.from({ length: 10 }, () => new Array<number>(10).fill(9999));
    const lines = matrixText(full).split('\n');
    expect(lines).toHaveLength(12);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^truth ↓ guess → 0 {5}1 .* 9 recall %$/);
    expect(lines[1]).toMatch(/^ {5}0 {5} {2}9999.* {3}10\.0$/);
    expect(lines[11]).toMatch(/^precision % {2}10\.0/);
  });

  test('writes numbers', () => {
    expect([whole(61234.5), percent(0.97654), percent(0.98, 1), percent(NaN)]).toEqual([
      '61,235',
      '97.65 %',
      '98.0 %',
      '–',
    ]);
    expect([0.04, 59.94, 59.96, 65, 3599.6, 7209].map(duration)).toEqual([
      '0.0 s',
      '59.9 s',
      '1:00',
      '1:05',
      '1:00:00',
      '2:00:09',
    ]);
  });
});

function epoch(number: number): EpochResult {
  return {
    number,
    loss: 0.5 / number,
    accuracy: 0.9,
    testLoss: 0.4,
    testAccuracy: 0.875,
    seconds: 1.5,
    samplesPerSecond: 40_000,
  };
}

const options: Options = {
  epochs: 2,
  batchSize: 32,
  hidden: [128],
  seed: 42,
  rate: 0.001,
  output: 'results/<script>$&',
  limit: 60_000,
};

function madeUpRun(changes: Partial<Run> = {}): Run {
  const labels = truth;
  return {
    options,
    sizes: [784, 128, 10],
    history: [epoch(1), epoch(2)],
    trainingDigits: 60_000,
    seconds: 3.25,
    samplesPerSecond: 40_000,
    interrupted: false,
    test: { digits: { count: 5, images: new Float32Array(5 * PIXELS), labels }, loss: 0.4, accuracy: 0.4 },
    matrix,
    mistakes: worstMistakes(probabilities, truth, 3, 40),
    made: new Date(Date.UTC(2024, 1, 29, 12, 34)),
    ...changes,
  };
}

describe('the report', () => {
  const html = buildReport(madeUpRun());

  test('is one file that loads nothing', () => {
    expect(html).not.toMatch(/(?:src|href|action|data|poster)\s*=\s*["']?\s*(?:https?:|\/\/)/i);
    expect(html).not.toMatch(/@import|url\(|<link|<iframe|\bfetch\(|XMLHttpRequest|import\(/i);
    expect(html).not.toMatch(/<script[^>]+src=/i);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('var uPlot=function');
    expect(html).toContain('Copyright (c) 2022 Leon Sorokin');
    expect(html).toContain('.uplot');
    expect(html).not.toMatch(/<!--slot|\{\{/);
  });

  test('its scripts are whole: each begins and ends once, and each parses', () => {
    const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
    expect(scripts).toHaveLength(3);
    expect(html.match(/<\/script/g)).toHaveLength(3);
    for (const [, attributes, text] of scripts) {
      if (attributes?.includes('json')) {
        expect(JSON.parse(text)).toEqual({
          epochs: [1, 2],
          loss: { train: [0.5, 0.25], test: [0.4, 0.4] },
          accuracy: { train: [0.9, 0.9], test: [0.875, 0.875] },
        });
      } else {
        // Compiled, not run: that takes a page.
        // eslint-disable-next-line @typescript-eslint/no-implied-eval
        expect(() => new Function(text)).not.toThrow();
      }
    }
  });

  test('shows the confusion matrix, with heads for rows and columns, recall and precision', () => {
    const table = /<table class="data matrix">[\s\S]*?<\/table>/.exec(html)![0];
    expect(table.match(/<th scope="col">/g)).toHaveLength(4);
    expect(table.match(/<th scope="row">/g)).toHaveLength(4);
    expect(table).toMatch(/<td class="wrong" style="--share: 0\.550">2<\/td>/);
    expect(table).toMatch(/<td class="right" style="--share: 0\.550">1<\/td>/);
    expect(table).toContain('<td class="share">50.0</td>');
    expect(table).toContain('<td class="share">33.3</td>');
    expect(html).toContain('a 1 for a 0 (2 times), a 0 for a 1 (once)');
  });

  test('draws each mistake, with words for those who cannot see it', () => {
    expect(html.match(/<img /g)).toHaveLength(3);
    expect(html).toContain('alt="A handwritten 0 that looked like a 1"');
    expect(html).toMatch(/<b>1<\/b> read as <b>0<\/b><br \/>62\.5\u00a0% sure/);
    expect(html.indexOf('<b>0</b> read as <b>1</b>')).toBeLessThan(html.indexOf('<b>1</b> read as <b>0</b>'));
  });

  test('describes the curves in words, and has them as a table', () => {
    expect(html.match(/role="img" aria-label="Training (?:loss|accuracy) went from /g)).toHaveLength(2);
    expect(html).toContain('<th scope="row">2</th><td>0.2500</td>');
  });

  test('names the command that repeats the run', () => {
    expect(html).toContain('npm start -- --epochs 2 --batch-size 32 --hidden 128 --seed 42 --rate 0.001 --limit 60000');
    expect(html).toContain('2024-02-29 12:34 UTC');
  });

  test('tells of a run that was stopped before its first epoch, and of one without mistakes', () => {
    const stopped = buildReport(madeUpRun({ history: [], interrupted: true, samplesPerSecond: NaN }));
    expect(stopped).toMatch(/Stopped by Ctrl-C after 0 of 2 whole epochs/);
    expect(stopped).toContain('there is no curve to draw');
    expect(stopped.replace(/<script>[\s\S]*?<\/script>/g, '')).not.toMatch(/NaN|undefined|Infinity/);
    const perfect = buildReport(madeUpRun({ matrix: [[3]], mistakes: [] }));
    expect(perfect).toContain('It mixes up nothing.');
    expect(perfect).toContain('There are none.');
  });

  test('escapes what it embeds', () => {
    expect(escapeHtml(`<a href="x">'&'</a>`)).toBe('&#60;a href=&#34;x&#34;&#62;&#39;&#38;&#39;&#60;/a&#62;');
    const hostile = { text: '</script><!--<script>' };
    expect(embedJson(hostile)).not.toContain('<');
    expect(JSON.parse(embedJson(hostile))).toEqual(hostile);
  });

  test('its pictures are PNG files', () => {
    const ink = new Float32Array(SIDE * SIDE);
    ink[1] = 1;
    ink[SIDE] = 0.5;
    const png = greyPng(ink, SIDE, SIDE);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([SIDE, SIDE]);
    const from = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(from + 4, from + 4 + png.readUInt32BE(from - 4)));
    expect(rows).toHaveLength(SIDE * (SIDE + 1));
    expect([rows[0], rows[1], rows[2], rows[SIDE + 1], rows[SIDE + 2]]).toEqual([0, 255, 0, 0, 128]);
  });
});

test('digits are read as well with weights of one byte', async () => {
  const [training, unseen] = [loadTraining(3000), loadTest()];
  const net = await createNetwork({ inputs: PIXELS, layers: [dense(64, 'relu'), dense(10, 'softmax')], seed: 1 });
  await net.fit(training.images, training.labels, { epochs: 5, batchSize: 32 });
  const small = await net.quantize();
  const [wide = 0, narrow = 0] = [net, small].map((each) => each.evaluate(unseen.images, unseen.labels).accuracy);
  expect(wide).toBeGreaterThan(0.85);
  // ten digits of the 10,000
  expect(Math.abs(wide - narrow)).toBeLessThanOrEqual(0.001);
  small.dispose();
  net.dispose();
});
