/**
 * Trains one network as the page asks: so many steps, an epoch, or on and on, at a pace. The library's `epochs` runs
 * throughout, so the weights are those that `fit` gives; its `onBatch` holds it up while no step is asked for.
 */
import { DivergenceError, type Network } from 'chainrule';
import type { Activity, Configuration, Divergence, Speed } from './protocol.js';

const ENDLESS = 0x7fffffff;
/** At a steady pace: steps for each millisecond since the last frame, ten for one of a fast screen, and the most. */
const STEADY = 0.6;
const MOST_STEADY = 300;
/** At a slow pace: how long a step stays to be looked at. */
const SLOW_MS = 150;

export interface TrainerEvents {
  /** After each step, and when training breaks off. */
  readonly stepped: () => void;
  /** Training broke off for another reason than its numbers. */
  readonly failed: (error: unknown) => void;
}

export class Trainer {
  readonly network: Network;
  readonly batches: number;
  readonly #configuration: Configuration;
  readonly #events: TrainerEvents;
  readonly #stop = new AbortController();
  #running = false;
  /** Steps that may be made before the next rest. */
  #allowed = 0;
  #resume: (() => void) | undefined;
  #speed: Speed | undefined;
  #replaying = false;
  /** When the last frame was shown. */
  #framed = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #diverged: Divergence | undefined;

  constructor(configuration: Configuration, network: Network, events: TrainerEvents) {
    this.network = network;
    this.batches = Math.ceil(configuration.train.count / configuration.setting.batchSize);
    this.#configuration = configuration;
    this.#events = events;
    if (configuration.steps > 0) {
      this.#replaying = true;
      this.#allow(configuration.steps);
    }
  }

  get activity(): Activity {
    if (this.#replaying) return 'replaying';
    return this.#speed === undefined ? 'idle' : 'playing';
  }

  /** Where values overflowed; no step can be made then. */
  get diverged(): Divergence | undefined {
    return this.#diverged;
  }

  /** True while steps are being made one after the other. */
  get isBusy(): boolean {
    return this.#allowed > 0;
  }

  play(speed: Speed): void {
    this.pause();
    this.#speed = speed;
    this.#framed = performance.now();
    this.frame();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#replaying = false;
    this.#speed = undefined;
    this.#allowed = 0;
  }

  advance(steps: number): void {
    this.pause();
    this.#allow(steps);
  }

  finishEpoch(): void {
    this.advance(this.batches - (this.network.steps % this.batches));
  }

  /** The screen has shown a frame: at the slower paces, the next steps are due. */
  frame(): void {
    if (this.#speed === 'full') this.#allow(Infinity);
    const now = performance.now();
    const due = Math.ceil(STEADY * (now - this.#framed));
    this.#framed = now;
    if (this.#speed === 'steady') this.#allow(Math.min(MOST_STEADY, Math.max(1, due)));
    if (this.#speed === 'slow') {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#allow(1), SLOW_MS);
    }
  }

  dispose(): void {
    this.pause();
    this.#stop.abort();
    this.#wake();
    this.network.dispose();
  }

  #allow(steps: number): void {
    if (this.#diverged !== undefined) return;
    this.#allowed = steps;
    this.#wake();
    if (!this.#running) void this.#run();
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  async #run(): Promise<void> {
    this.#running = true;
    const { setting, train } = this.#configuration;
    const { batchSize } = setting;
    const [signal, onBatch] = [this.#stop.signal, () => this.#afterStep()];
    try {
      const epochs = this.network.epochs(train.x, train.y, { epochs: ENDLESS, batchSize, signal, onBatch });
      while (!(await epochs.next()).done);
    } catch (error) {
      if (signal.aborted) return;
      this.pause();
      if (error instanceof DivergenceError) {
        const { epoch, batch, layer } = error;
        this.#diverged = { epoch, batch, layer };
      } else this.#events.failed(error);
      this.#events.stepped();
    }
  }

  #afterStep(): Promise<void> | undefined {
    this.#allowed = Math.max(0, this.#allowed - 1);
    if (this.#allowed > 0) {
      this.#events.stepped();
      return undefined;
    }
    this.#replaying = false;
    this.#events.stepped();
    // the page may have been told, but it can't have answered yet: the steps go on at its next message
    return new Promise((resolve) => (this.#resume = resolve));
  }
}
