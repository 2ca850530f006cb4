/**
 * What a person sees while the network learns: a line for each epoch and, in a terminal, a bar below them.
 * Where the output is no terminal (a file, a pipe, a CI log) there are the lines alone, without control characters.
 */
import { MultiBar, type GenericBar } from 'cli-progress';
import { duration, percent, whole } from './format.js';

/** The results of one epoch, on the training digits and on the test digits after it. */
export interface EpochResult {
  readonly number: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

/** One step, as the library's `onBatch` reports it; `samples` are those of this batch. */
export interface BatchResult {
  readonly loss: number;
  readonly samples: number;
}

export interface Progress {
  batch(result: BatchResult): void;
  epoch(result: EpochResult): void;
  stop(): void;
}

/** What there is to do. */
export interface Plan {
  readonly epochs: number;
  readonly samplesPerEpoch: number;
}

/** The part of `process.stdout` that is used. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const REDRAW_MS = 100;

/** Time and samples since the start: how fast it goes, and how long it will take. */
class Pace {
  samples = 0;
  private readonly total: number;
  private readonly started = performance.now();

  constructor(plan: Plan) {
    this.total = plan.epochs * plan.samplesPerEpoch;
  }

  speed(now: number): number {
    return (this.samples * 1000) / (now - this.started);
  }

  left(now: number): string {
    return duration((this.total - this.samples) / this.speed(now));
  }
}

function epochLine(result: EpochResult, plan: Plan, left: string): string {
  const width = String(plan.epochs).length;
  return [
    `epoch ${String(result.number).padStart(width)}/${plan.epochs}`,
    `loss ${result.loss.toFixed(4)}`,
    `accuracy ${percent(result.accuracy)}`,
    `test loss ${result.testLoss.toFixed(4)}`,
    `test accuracy ${percent(result.testAccuracy)}`,
    `${whole(result.samplesPerSecond)} samples/s`,
    ...(result.number < plan.epochs ? [`${left} left`] : []),
  ].join('  ');
}

function createLines(stream: OutputStream, plan: Plan): Progress {
  const pace = new Pace(plan);
  return {
    batch: ({ samples }) => void (pace.samples += samples),
    epoch: (result) => void stream.write(`${epochLine(result, plan, pace.left(performance.now()))}\n`),
    stop: () => undefined,
  };
}

class Bar implements Progress {
  private readonly plan: Plan;
  private readonly pace: Pace;
  private readonly bars: MultiBar;
  private readonly bar: GenericBar;
  private drawn = -Infinity;
  private finished = 0;
  private accuracy = NaN;
  // The sum over this epoch's samples so far, for their mean loss.
  private lossSum = 0;
  private lossSamples = 0;

  constructor(stream: OutputStream, plan: Plan) {
    this.plan = plan;
    this.pace = new Pace(plan);
    this.bars = new MultiBar({
      stream,
      format: '{bar} {status}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.max(6, Math.min(30, (stream.columns ?? 80) - 74)),
      // The lines of the epochs overwrite the bar, so it has to be drawn again even if nothing in it has changed.
      forceRedraw: true,
      clearOnComplete: true,
      // Trims what is too long; the other way changes the terminal's settings, which a killed process leaves changed.
      linewrap: true,
      // Ctrl-C is the caller's: the bar stays until the step under way is done.
      gracefulExit: false,
    });
    this.bar = this.bars.create(plan.epochs * plan.samplesPerEpoch, 0, { status: 'starting' });
  }

  batch({ loss, samples }: BatchResult): void {
    this.pace.samples += samples;
    this.lossSum += loss * samples;
    this.lossSamples += samples;
    const now = performance.now();
    if (now - this.drawn < REDRAW_MS) return; // thousands of steps a second pass here
    this.drawn = now;
    this.bar.update(this.pace.samples, { status: this.status(now) });
  }

  private status(now: number): string {
    return [
      `epoch ${this.finished + 1}/${this.plan.epochs}`,
      `loss ${(this.lossSum / this.lossSamples).toFixed(4)}`,
      `accuracy ${percent(this.accuracy)}`,
      `${whole(this.pace.speed(now))} samples/s`,
      `${this.pace.left(now)} left`,
    ].join('  ');
  }

  epoch(result: EpochResult): void {
    this.finished = result.number;
    this.accuracy = result.testAccuracy;
    this.lossSum = this.lossSamples = 0;
    this.bars.log(`${epochLine(result, this.plan, this.pace.left(performance.now()))}\n`);
    this.bars.update();
  }

  stop(): void {
    this.bars.stop();
  }
}

export function createProgress(stream: OutputStream, plan: Plan): Progress {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb' ? new Bar(stream, plan) : createLines(stream, plan);
}
