/** One HTML file that shows a run: nothing in it is loaded from anywhere, so it can be sent, kept and opened offline. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { duration, percent as spacedPercent, whole } from './format.js';
import { frequentConfusions, precision, recall, rightAnswers, type ConfusionMatrix, type Mistake } from './metrics.js';
import { PIXELS, SIDE, type Digits } from './mnist.js';
import type { Options } from './options.js';
import { greyPng } from './png.js';
import type { EpochResult } from './progress.js';

/** Everything that the report tells. */
export interface Run {
  readonly options: Options;
  /** The sizes of the layers, the inputs first. */
  readonly sizes: readonly number[];
  readonly history: readonly EpochResult[];
  readonly trainingDigits: number;
  /** Of the training alone. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Whether Ctrl-C ended it before its last epoch. */
  readonly interrupted: boolean;
  readonly test: { readonly digits: Digits; readonly loss: number; readonly accuracy: number };
  readonly matrix: ConfusionMatrix;
  readonly mistakes: readonly Mistake[];
  readonly made: Date;
}

/** Text for a place between tags or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A share in per cent that no line break parts from its sign. */
function percent(share: number, digits?: number): string {
  return spacedPercent(share, digits).replace(' ', '\u00a0');
}

/** The same without the sign, which the table's heading has. */
function bare(share: number): string {
  return spacedPercent(share, 1).replace(' %', '');
}

/** JSON for a `<script>` element: without `<`, nothing in it can end the element or begin a comment. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** The command that repeats the run. */
export function command(options: Options): string {
  return [
    'npm start --',
    `--epochs ${options.epochs}`,
    `--batch-size ${options.batchSize}`,
    `--hidden ${options.hidden.join(',')}`,
    `--seed ${options.seed}`,
    `--rate ${options.rate}`,
    `--limit ${options.limit}`,
  ].join(' ');
}

function introduction(run: Run): string {
  const { digits } = run.test;
  const text = `Trained on ${whole(run.trainingDigits)} handwritten digits of MNIST with chainrule, in WebAssembly;
    measured on ${whole(digits.count)} others, which it never saw.`;
  const notice = run.interrupted
    ? `<p class="notice">Stopped by Ctrl-C after ${run.history.length} of ${run.options.epochs} whole epochs: what is
       shown here is the network as it was then.</p>`
    : '';
  return `<p class="quiet">${text}</p>${notice}`;
}

function facts(run: Run): string {
  const parameters = run.sizes.slice(1).reduce((total, size, i) => total + size * (run.sizes[i] + 1), 0);
  const rows: [string, string][] = [
    ['Test accuracy', percent(run.test.accuracy)],
    ['Test loss', run.test.loss.toFixed(4)],
    ['Weights and biases', whole(parameters)],
    ['Epochs', whole(run.history.length)],
    ['Training time', duration(run.seconds)],
    ['Samples per second', run.samplesPerSecond > 0 ? whole(run.samplesPerSecond) : '–'],
  ];
  const items = rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<dl class="facts">${items.join('')}</dl>`;
}

function figure(curve: 'loss' | 'accuracy', title: string, alternative: string): string {
  return `<figure><figcaption>${title}</figcaption>
    <div class="chart" data-curve="${curve}" role="img" aria-label="${escapeHtml(alternative)}"></div></figure>`;
}

function epochRow(epoch: EpochResult): string {
  const cells = [
    epoch.loss.toFixed(4),
    percent(epoch.accuracy),
    epoch.testLoss.toFixed(4),
    percent(epoch.testAccuracy),
    duration(epoch.seconds),
  ];
  return `<tr><th scope="row">${epoch.number}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function curves({ history }: Run): string {
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined) return '<p>No epoch was finished, so there is no curve to draw.</p>';
  const losses = `Training loss went from ${first.loss.toFixed(4)} to ${last.loss.toFixed(4)}, test loss from
    ${first.testLoss.toFixed(4)} to ${last.testLoss.toFixed(4)}. The table below has every epoch.`;
  const accuracies = `Training accuracy went from ${percent(first.accuracy)} to ${percent(last.accuracy)}, test
    accuracy from ${percent(first.testAccuracy)} to ${percent(last.testAccuracy)}. The table below has every epoch.`;
  const heads = ['Epoch', 'Training loss', 'Training accuracy', 'Test loss', 'Test accuracy', 'Time'];
  return `<p class="quiet">Loss is the mean cross-entropy. The training numbers are collected during the epoch, while
      the network still changes; the test numbers are measured at its end.</p>
    <div class="charts">
      ${figure('loss', 'Loss', losses)}
      ${figure('accuracy', 'Accuracy', accuracies)}
    </div>
    <details><summary>Every epoch as a table</summary>
      <div class="scroll" role="region" aria-label="Every epoch" tabindex="0">
        <table class="data">
          <thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
          <tbody>${history.map(epochRow).join('')}</tbody>
        </table>
      </div>
    </details>`;
}

/** Tints of at most this opacity keep the text on them readable, light and dark. */
const DEEPEST = 0.55;

function matrixCell(count: number, right: boolean, mostRight: number, mostWrong: number): string {
  if (count === 0) return '<td class="none">0</td>';
  // The root keeps the few mistakes visible: in proportion, all but the commonest would look white.
  const share = DEEPEST * (right ? count / mostRight : Math.sqrt(count / mostWrong));
  return `<td class="${right ? 'right' : 'wrong'}" style="--share: ${share.toFixed(3)}">${whole(count)}</td>`;
}

function matrixRows(matrix: ConfusionMatrix): string[] {
  const mostRight = Math.max(...matrix.map((row, i) => row[i]));
  const mostWrong = Math.max(...matrix.flatMap((row, i) => row.filter((_, j) => j !== i)));
  const recalls = recall(matrix);
  return matrix.map((row, i) => {
    const cells = row.map((count, j) => matrixCell(count, i === j, mostRight, mostWrong)).join('');
    return `<tr><th scope="row">${i}</th>${cells}<td class="share">${bare(recalls[i])}</td></tr>`;
  });
}

function matrixTable({ matrix }: Run): string {
  const confusions = frequentConfusions(matrix, 5).map(
    ({ truth, guess, count }) => `a ${truth} for a ${guess} (${count === 1 ? 'once' : `${whole(count)} times`})`,
  );
  const commonest = confusions.length > 0 ? `Most often it takes ${confusions.join(', ')}.` : 'It mixes up nothing.';
  const precisions = precision(matrix).map((share) => `<td class="share">${bare(share)}</td>`);
  return `<p>${commonest}</p>
    <p class="quiet">Each row is what the digit was, each column what the network said: blue where it was right, orange
      where it was not. Recall is the share of a digit's pictures that were recognised, precision the share of the
      guesses of a digit that were right.</p>
    <div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0">
      <table class="data matrix">
        <thead><tr><td class="corner share">truth ↓ guess →</td>
          ${matrix.map((_, i) => `<th scope="col">${i}</th>`).join('')}<th scope="col">recall %</th></tr></thead>
        <tbody>${matrixRows(matrix).join('')}
          <tr><th scope="row">precision %</th>${precisions.join('')}<td class="share"></td></tr></tbody>
      </table>
    </div>`;
}

function mistakeItem(mistake: Mistake, digits: Digits): string {
  const ink = digits.images.subarray(mistake.index * PIXELS, (mistake.index + 1) * PIXELS);
  const picture = greyPng(ink, SIDE, SIDE).toString('base64');
  const { truth, guess, index } = mistake;
  return `<li><figure class="digit">
    <img src="data:image/png;base64,${picture}" width="${SIDE}" height="${SIDE}"
      alt="A handwritten ${truth} that looked like a ${guess}" />
    <figcaption><b>${truth}</b> read as <b>${guess}</b><br />${percent(mistake.guessProbability, 1)} sure<br />
      no. ${whole(index)}</figcaption>
  </figure></li>`;
}

function mistakes(run: Run): string {
  if (run.mistakes.length === 0) return '<p>There are none.</p>';
  const all = run.test.digits.count - rightAnswers(run.matrix);
  return `<p>${whole(run.mistakes.length)} of ${whole(all)} wrong guesses, those with the highest loss first: here the
      network was surest, and wrong.</p>
    <p class="quiet">Under each picture: what it is and what the network read, the probability that it gave to that
      reading, and the picture's place among the test digits, counted from 0.</p>
    <ul class="mistakes">${run.mistakes.map((mistake) => mistakeItem(mistake, run.test.digits)).join('')}</ul>`;
}

function footer(run: Run): string {
  const made = run.made.toISOString();
  return `<p class="quiet">Made <time datetime="${made}">${made.slice(0, 16).replace('T', ' ')} UTC</time> by<br />
    <code>${escapeHtml(command(run.options))}</code><br />
    The same seed gives the same network, bit for bit.</p>`;
}

function chartData({ history }: Run): string {
  return embedJson({
    epochs: history.map((epoch) => epoch.number),
    loss: { train: history.map((epoch) => epoch.loss), test: history.map((epoch) => epoch.testLoss) },
    accuracy: { train: history.map((epoch) => epoch.accuracy), test: history.map((epoch) => epoch.testAccuracy) },
  });
}

/** A file of uPlot, the library that draws the curves. */
function uplotFile(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(`uplot/${name}`), 'utf8');
}

/** uPlot's script, under its licence, which asks to go wherever the script goes. */
function uplotScript(): string {
  const script = `/*!\n${uplotFile('LICENSE').trim()}\n*/\n${uplotFile('dist/uPlot.iife.min.js')}`;
  return `<script>${script.replaceAll('</script', '<\\/script')}</script>`;
}

export function buildReport(run: Run): string {
  const title = `${run.sizes.join('-')} reads ${percent(run.test.accuracy)} of the test digits`;
  const parts: Record<string, string> = {
    'chart-style': `<style>${uplotFile('dist/uPlot.min.css')}</style>`,
    'chart-script': uplotScript(),
    introduction: introduction(run),
    facts: facts(run),
    curves: curves(run),
    matrix: matrixTable(run),
    mistakes: mistakes(run),
    footer: footer(run),
    data: `<script type="application/json" id="run">${chartData(run)}</script>`,
  };
  // One pass over the template alone, by function: neither slots nor `$&` inside a part mean anything.
  return readFileSync(new URL('./report.html', import.meta.url), 'utf8').replace(
    /<!--slot:([\w-]+)-->|\{\{title\}\}/g,
    (_, slot: string | undefined) => (slot === undefined ? escapeHtml(title) : parts[slot]),
  );
}
