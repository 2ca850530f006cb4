/**
 * Trains a network on the handwritten digits of MNIST, watches it learn, and reports how it did: `npm start`.
 * The lines that a program of one's own needs are in `buildNetwork` and `train`; the rest shows what came of them.
 */
import { join } from 'node:path';
import { DivergenceError, adam, cosine, createNetwork, dense, type Epoch, type Network } from 'chainrule';
import { duration, percent, whole } from './format.js';
import { confusionMatrix, guesses, matrixText, rightAnswers, worstMistakes } from './metrics.js';
import { CLASSES, DigitFileError, PIXELS, loadTest, loadTraining, type Digits } from './mnist.js';
import { parseOptions, type Options } from './options.js';
import { FolderError, keepFile, prepareFolder, replaceFile } from './output.js';
import { createProgress, type EpochResult } from './progress.js';
import { buildReport, type Run } from './report.js';

const INTERRUPTED = 130; // the exit code of a program that Ctrl-C ended
const SHOWN_MISTAKES = 40;

/** What the training itself has to tell. */
type Trained = Pick<Run, 'history' | 'seconds' | 'samplesPerSecond' | 'interrupted'>;

function buildNetwork(options: Options, steps: number): Promise<Network> {
  return createNetwork({
    inputs: PIXELS,
    layers: [...options.hidden.map((units) => dense(units, 'relu')), dense(CLASSES, 'softmax')],
    loss: 'crossEntropy',
    optimizer: adam({ rate: cosine({ from: options.rate, to: 0, steps }) }),
    seed: options.seed,
  });
}

/** An epoch of this network, which classifies and is validated, so that none of its parts is absent. */
function epochResult({ number, loss, accuracy = NaN, validation, seconds, samplesPerSecond }: Epoch): EpochResult {
  const { loss: testLoss = NaN, accuracy: testAccuracy = NaN } = validation ?? {};
  return { number, loss, accuracy, testLoss, testAccuracy, seconds, samplesPerSecond };
}

/** Trains until the last epoch or the first Ctrl-C; what was learnt stays in `net` either way. */
async function train(net: Network, training: Digits, test: Digits, options: Options): Promise<Trained> {
  const { epochs, batchSize } = options;
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt); // once: the second Ctrl-C ends the process, as it does without a listener
  const progress = createProgress(process.stdout, { epochs, samplesPerEpoch: training.count });
  const started = performance.now();
  const history: EpochResult[] = [];
  try {
    for await (const epoch of net.epochs(training.images, training.labels, {
      epochs,
      batchSize,
      validation: [test.images, test.labels],
      signal: interrupt.signal,
      onBatch: (batch) => progress.batch(batch),
    })) {
      const result = epochResult(epoch);
      history.push(result);
      progress.epoch(result);
    }
  } catch (error) {
    if (error !== interrupt.signal.reason) throw error;
  } finally {
    progress.stop();
    process.removeListener('SIGINT', onInterrupt);
  }
  const stepping = history.reduce((total, epoch) => total + epoch.seconds, 0);
  return {
    history,
    seconds: (performance.now() - started) / 1000,
    samplesPerSecond: (training.count * history.length) / stepping,
    interrupted: history.length < epochs,
  };
}

/** What the network makes of the digits that it has not seen. */
function measure(net: Network, test: Digits): Pick<Run, 'test' | 'matrix' | 'mistakes'> {
  const probabilities = net.predict(test.images);
  const { loss, accuracy = NaN } = net.evaluate(test.images, test.labels);
  return {
    test: { digits: test, loss, accuracy },
    matrix: confusionMatrix(test.labels, guesses(probabilities, CLASSES), CLASSES),
    mistakes: worstMistakes(probabilities, test.labels, CLASSES, SHOWN_MISTAKES),
  };
}

/** Writes the report, and returns where it is, or why it is not: what was learnt is told and kept without it. */
function writeReport(run: Run): string {
  const report = join(run.options.output, 'report.html');
  try {
    replaceFile(report, buildReport(run));
    return report;
  } catch (error) {
    process.exitCode = 1;
    return `none: ${(error as Error).message}`;
  }
}

function summary(run: Run, model: string, report: string, started: number): string {
  const last = run.history.at(-1);
  const speed = last === undefined ? '' : `, ${whole(run.samplesPerSecond)} samples/s`;
  return [
    '',
    matrixText(run.matrix),
    '',
    `right          ${whole(rightAnswers(run.matrix))} of ${whole(run.test.digits.count)} test digits`,
    `took           ${duration(run.seconds)} of training${speed}; ${duration((performance.now() - started) / 1000)} in all`,
    `model          ${model}`,
    `report         ${report}`,
    // All their digits: the same seed prints the same ones.
    ...(last === undefined ? [] : [`final loss     ${last.loss}`]),
    `test loss      ${run.test.loss}`,
    `test accuracy ${percent(run.test.accuracy, 1)}`,
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const started = performance.now();
  const options = parseOptions(process.argv.slice(2));
  prepareFolder(options.output);
  const [training, test] = [loadTraining(options.limit), loadTest()];
  const steps = options.epochs * Math.ceil(training.count / options.batchSize);
  const net = await buildNetwork(options, steps);
  try {
    process.stdout.write(`${net.summary()}\n\n${whole(training.count)} training digits, seed ${options.seed}\n\n`);
    const trained = await train(net, training, test, options);
    if (trained.interrupted) process.stdout.write('Stopped: what follows is the network after its last whole step.\n');
    const model = keepFile(join(options.output, 'model.safetensors'), net.save());
    const run: Run = {
      ...trained,
      ...measure(net, test),
      options,
      sizes: [PIXELS, ...options.hidden, CLASSES],
      trainingDigits: training.count,
      made: new Date(),
    };
    process.stdout.write(summary(run, model, writeReport(run), started));
    if (trained.interrupted) process.exitCode = INTERRUPTED;
  } finally {
    net.dispose();
  }
}

try {
  await main();
} catch (error) {
  // These say what is wrong by themselves; anything else is a bug, and shows where it happened.
  const explained = [DigitFileError, DivergenceError, FolderError].some((kind) => error instanceof kind);
  if (!explained) throw error;
  process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
