/** One network with everything that is shown of it: what the worker holds between two changes of the setting. */
import type { Network } from 'chainrule';
import type { Plane } from '../data/data-set.js';
import { liveOf } from '../setting/stages.js';
import { fingerprintOf } from './fingerprint.js';
import { byLayer, LensMaker } from './lens.js';
import { Maps } from './maps.js';
import { CourseKeeper, type Point } from './course.js';
import { deltasOf, unitStates } from './health.js';
import { confusionOf, measure } from './measure.js';
import { makeNetwork } from './networks.js';
import { Pace } from './pace.js';
import type { Configuration, Look, Neuron, Sketch, Snapshot } from './protocol.js';
import { Trainer } from './trainer.js';

/** Where snapshots and failures go. */
export interface Audience {
  readonly show: (snapshot: Snapshot) => void;
  readonly fail: (error: unknown) => void;
}

/** What is shown of whatever network there is. */
interface Shown {
  readonly look: Look | undefined;
  readonly sketch: Sketch | undefined;
}

/** Of the time, making snapshots takes at most a third: the rest is for training. */
const REST = 2;

export class Studio {
  readonly trainer: Trainer;
  readonly #configuration: Configuration;
  readonly #double: Network;
  readonly #maps: Maps;
  readonly #lens: LensMaker;
  readonly #audience: Audience;
  readonly #pace = new Pace();
  readonly #course: CourseKeeper;
  #look: Look | undefined;
  #sketch: Sketch | undefined;
  #pointed: Neuron | undefined;
  /** The last snapshot has been drawn, so that another may be sent. */
  #awaited = true;
  #outdated = true;
  #notBefore = 0;

  private constructor(configuration: Configuration, network: Network, double: Network, maps: Maps, audience: Audience) {
    this.#configuration = configuration;
    this.#double = double;
    this.#maps = maps;
    this.#lens = new LensMaker(configuration, double);
    this.#audience = audience;
    this.#course = new CourseKeeper(configuration);
    this.#course.note(0, () => this.#measured(network));
    this.trainer = new Trainer(configuration, network, {
      stepped: () => this.#afterStep(),
      failed: (error) => audience.fail(error),
    });
  }

  static async open(configuration: Configuration, shown: Shown, audience: Audience): Promise<Studio> {
    const { setting, stages } = configuration;
    const first = { ...configuration, setting: { ...setting, ...liveOf(stages[0] ?? setting) } };
    const network = await makeNetwork(first);
    const double = await makeNetwork(configuration);
    const studio = new Studio(configuration, network, double, await Maps.make(configuration), audience);
    studio.#look = shown.look;
    studio.#sketch = shown.sketch;
    studio.#publish();
    return studio;
  }

  /** Comes to rest, and says so. */
  pause(): void {
    this.trainer.pause();
    this.#refresh();
  }

  look(look: Look): void {
    this.#look = look;
    this.#refresh();
  }

  show(plane: Plane): void {
    this.#maps.show(plane);
    this.#refresh();
  }

  point(neuron: Neuron | undefined): void {
    this.#pointed = neuron;
    this.#refresh();
  }

  sketch(sketch: Sketch | undefined): void {
    this.#sketch = sketch;
    this.#refresh();
  }

  /** The page has drawn the last snapshot. */
  drawn(): void {
    this.#awaited = true;
    this.trainer.frame();
    if (this.#outdated && !this.trainer.isBusy) this.#publish();
  }

  dispose(): void {
    this.trainer.dispose();
    this.#double.dispose();
    this.#maps.dispose();
  }

  #refresh(): void {
    if (this.#awaited) this.#publish();
    else this.#outdated = true;
  }

  #afterStep(): void {
    const { network: at, isBusy, before } = this.trainer;
    this.#course.note(at.steps, () => this.#measured(at));
    const due = this.#awaited && (!isBusy || performance.now() >= this.#notBefore);
    if (due && (!isBusy || before)) {
      this.#publish();
      return;
    }
    this.#outdated = true;
    // the next step is shown, with what it changes
    if (due) this.trainer.remember();
  }

  #publish(): void {
    const began = performance.now();
    this.#awaited = false;
    this.#outdated = false;
    this.#audience.show(this.#snapshot());
    const ended = performance.now();
    this.#notBefore = ended + REST * (ended - began);
  }

  #measured(network: Network): Point {
    const { task, train, test } = this.#configuration;
    return {
      train: measure(network, task, train),
      test: measure(network, task, test),
      deltas: deltasOf(network, this.#configuration),
    };
  }

  #snapshot(): Snapshot {
    const { network, batches, activity, diverged, goal, stages, before, isBusy } = this.trainer;
    const { task, train, test } = this.#configuration;
    const { course } = this.#course;
    const parameters = network.getParameters();
    const sketch = this.#sketch?.values.length === this.#configuration.inputs ? this.#sketch : undefined;
    const lens = this.#look && this.#lens.make(parameters, this.#look, sketch, isBusy);
    const maps = this.#maps.draw(network, parameters);
    const map = this.#pointed && this.#maps.large(this.#pointed);
    const stepsPerSecond = this.#pace.at(network.steps, activity !== 'idle');
    return {
      steps: network.steps,
      ...{ batches, activity, diverged, goal, stages, course, stepsPerSecond, maps, lens },
      samplesPerSecond: (stepsPerSecond * train.count) / batches,
      ...this.#measured(network),
      states: unitStates(network, this.#configuration),
      large: this.#pointed && map && { ...this.#pointed, map },
      ...byLayer(parameters),
      change: before && difference(byLayer(parameters).weights, byLayer(before).weights),
      fingerprint: fingerprintOf(parameters),
      confusion: task === 'classes' ? confusionOf(network, test) : undefined,
      sketch: sketch && network.predict(sketch.values),
    };
  }
}

function difference(after: readonly Float32Array[], before: readonly Float32Array[]): Float32Array[] {
  return after.map((weights, layer) => weights.map((weight, at) => weight - before[layer][at]));
}
