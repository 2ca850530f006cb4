/**
 * Trains one network as the page asks: so many steps, an epoch, or on and on, at a pace. The library's `epochs` runs
 * throughout, so the weights are those that `fit` gives; its `onBatch` holds it up while no step is asked for.
 */
import { DivergenceError, type Network, type Parameters } from 'chainrule';
import { liveOf, type Live, type Stage } from '../setting/stages.js';
import { adjust } from './adjust.js';
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
  readonly batches: number;
  readonly #configuration: Configuration;
  readonly #events: TrainerEvents;
  #network: Network;
  /** Ends the library's `epochs`. */
  #stop = new AbortController();
  /** Settled when `epochs` has ended; undefined while none runs. */
  #run: Promise<void> | undefined;
  #disposed = false;
  /** What holds now, what held before, and what a link's way is to go on with. */
  #live: Live;
  readonly #stages: Stage[] = [];
  #ahead: readonly { readonly from: number; readonly live: Live }[];
  /** What the person wants to hold from the next step on. */
  #wanted: Live | undefined;
  #adjusting = false;
  /** Steps that may be made before the next rest. */
  #allowed = 0;
  #resume: (() => void) | undefined;
  #speed: Speed | undefined;
  #goal: number | undefined;
  /** When the last frame was shown. */
  #framed = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #diverged: Divergence | undefined;
  #remembered: { readonly steps: number; readonly parameters: Parameters } | undefined;

  constructor(configuration: Configuration, network: Network, events: TrainerEvents) {
    this.#network = network;
    const { setting, stages } = configuration;
    const lives = [...stages, setting].map(liveOf);
    [this.#live] = lives;
    this.#ahead = stages.map(({ until }, at) => ({ from: until, live: lives[at + 1] }));
    this.batches = Math.ceil(configuration.train.count / configuration.setting.batchSize);
    this.#configuration = configuration;
    this.#events = events;
    if (configuration.steps > 0) {
      this.#goal = configuration.steps;
      this.#allow(configuration.steps);
    }
  }

  get network(): Network {
    return this.#network;
  }

  /** The step that a link leads to, while it is trained to. */
  get goal(): number | undefined {
    return this.#goal;
  }

  get stages(): readonly Stage[] {
    return [...this.#stages];
  }

  get activity(): Activity {
    if (this.#goal !== undefined) return 'replaying';
    return this.#speed === undefined ? 'idle' : 'playing';
  }

  /** Where values overflowed; no step can be made then. */
  get diverged(): Divergence | undefined {
    return this.#diverged;
  }

  /** The parameters before the last step, where they were kept. */
  get before(): Parameters | undefined {
    return this.#remembered?.steps === this.network.steps - 1 ? this.#remembered.parameters : undefined;
  }

  /** Keeps the parameters, so that what the next step changes can be told. */
  remember(): void {
    this.#remembered = { steps: this.network.steps, parameters: this.network.getParameters() };
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
    if (this.#goal !== undefined) this.#ahead = [];
    this.#goal = undefined;
    this.#speed = undefined;
    this.#allowed = 0;
  }

  advance(steps: number): void {
    this.pause();
    this.#allow(steps);
  }

  finishEpoch(): void {
    const begun = this.#stages.at(-1)?.until ?? 0;
    this.advance(this.batches - ((this.network.steps - begun) % this.batches));
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

  /** Another rate, decay or clipping from the next step on. */
  async change(live: Live): Promise<void> {
    if (this.isBusy || this.#adjusting) this.#wanted = live;
    else await this.#adjust(live);
  }

  dispose(): void {
    this.pause();
    this.#disposed = true;
    this.#stop.abort();
    this.#wake();
    this.network.dispose();
  }

  #allow(steps: number): void {
    if (this.#diverged !== undefined) return;
    this.#allowed = steps;
    if (steps === 1) this.remember();
    if (this.#adjusting) return;
    this.#wake();
    this.#run ??= this.#train();
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  async #train(): Promise<void> {
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
    const live = this.#next();
    if (this.#allowed === 1) this.remember();
    if (this.#allowed > 0 && !live) {
      this.#events.stepped();
      return undefined;
    }
    if (this.#allowed === 0) this.#goal = undefined;
    this.#events.stepped();
    if (live) void this.#adjust(live).catch((error: unknown) => this.#events.failed(error));
    // the page may have been told, but it can't have answered yet: the steps go on at its next message
    return new Promise((resolve) => (this.#resume = resolve));
  }

  /** What is to hold from the next step on, if that is something else than until now. */
  #next(): Live | undefined {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted || this.network.steps !== this.#ahead[0]?.from) return wanted;
    const [{ live }] = this.#ahead;
    this.#ahead = this.#ahead.slice(1);
    return live;
  }

  /**
   * Goes on with the same network under another setting. `epochs` is held up after a step, or has not begun: where
   * it is broken off decides the order of the examples that follow, and must be the same whenever a link is opened.
   */
  async #adjust(live: Live): Promise<void> {
    this.#adjusting = true;
    this.#stop.abort();
    await this.#run;
    const network = await adjust(this.network, this.#configuration, live);
    if (this.#disposed) {
      network.dispose();
      return;
    }
    this.#network.dispose();
    this.#network = network;
    // a second change at the same step takes the place of the first
    if (network.steps > (this.#stages.at(-1)?.until ?? 0)) this.#stages.push({ until: network.steps, ...this.#live });
    this.#live = live;
    this.#stop = new AbortController();
    this.#run = undefined;
    this.#resume = undefined;
    this.#adjusting = false;
    const wanted = this.#next();
    if (wanted) await this.#adjust(wanted);
    else if (this.#allowed > 0) this.#run = this.#train();
    else this.#events.stepped();
  }
}
