import type { Engine } from '../engine/engine.js';
import { NETWORK } from '../engine/records.generated.js';
import { readField, writeRecord } from '../engine/records.js';

/** The network whose weights are averaged, as far as that takes it. */
interface Owner {
  readonly engine: Engine;
  readonly at: number;
  readonly parametersAt: number;
  readonly optimizerAt: number;
  /** How many floats of the parameters are trained. */
  readonly plan: { readonly count: number };
  readonly parameters: Float32Array;
}

/** What an average was made of, and how much: of steps, with a decay, or of epochs. */
export interface AverageState {
  readonly count: number;
  /** What it keeps of itself in a step; null for the plain mean of epochs. */
  readonly decay: number | null;
}

/**
 * The average of a network's weights, in a second array as long as those that are trained. While nobody trains, the
 * average lies in place of the parameters, where everything reads it, and the raw weights lie in the array; while an
 * epoch is under way they have changed places.
 */
export class Average {
  readonly #owner: Owner;
  /** The array; 0 until it is asked for. */
  #at = 0;
  #decay: number | null = null;
  #count = 0;
  #isInPlace = false;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** How much of what is averaged; `undefined` where there is no average. */
  get state(): AverageState | undefined {
    const { engine, at } = this.#owner;
    // an epoch that is under way counts its steps itself
    const count = this.#isInPlace || this.#decay === null ? this.#count : readField(engine, NETWORK, at, 'averaged');
    return count > 0 ? { count, decay: this.#decay } : undefined;
  }

  /** Every parameter as the network is saved with it: the average, and what is not trained. */
  get shown(): Float32Array {
    const { engine, parameters, plan } = this.#owner;
    if (this.#isInPlace) return parameters;
    const shown = parameters.slice();
    shown.set(engine.f32(this.#at, plan.count));
    return shown;
  }

  /** The weights that training goes on from. */
  get raw(): Float32Array<ArrayBuffer> {
    const { engine, parametersAt, plan } = this.#owner;
    return engine.f32(this.#isInPlace ? this.#at : parametersAt, plan.count);
  }

  /**
   * Begins an epoch on the raw weights. One that `takesPart` adds each of its steps, where there is a decay. An average
   * that was made in another way is given up.
   */
  begin(decay: number | null, takesPart: boolean): void {
    const { engine, at } = this.#owner;
    this.#allocate();
    if (this.#isInPlace) this.#swap();
    if (decay !== this.#decay) this.#count = 0;
    this.#decay = decay;
    if (decay === null) return;
    const average = takesPart ? this.#at : 0;
    writeRecord(engine, NETWORK, at, { average, averageDecay: decay, averaged: this.#count });
  }

  /** Adds the weights after an epoch to their plain mean. */
  add(): void {
    const { engine, parametersAt, plan } = this.#owner;
    engine.kernels.average(this.#at, parametersAt, plan.count, 1 / ++this.#count);
  }

  /** Ends an epoch, however it came: the average, if there is one, is what everything reads. */
  end(): void {
    const { engine, at } = this.#owner;
    if (this.#decay !== null) this.#count = readField(engine, NETWORK, at, 'averaged');
    writeRecord(engine, NETWORK, at, { average: 0, averaged: 0 });
    if (this.#count > 0) this.#swap();
  }

  /** Takes what lies in place of the parameters as the weights from now on, and gives up the others. */
  drop(): void {
    if (!this.#at) return;
    this.release();
    this.#at = this.#count = 0;
    this.#isInPlace = false;
  }

  /** Puts back what `state` said of a saved network: `shown` and `raw` are to be filled. */
  restore({ count, decay }: AverageState): void {
    this.#allocate();
    this.#count = count;
    this.#decay = decay;
    this.#isInPlace = true;
  }

  /** Gives the array's memory back. */
  release(): void {
    if (this.#at) this.#owner.engine.release(this.#at);
  }

  #allocate(): void {
    const { engine, plan } = this.#owner;
    if (this.#at) return;
    const bytes = plan.count * 4;
    this.#at = engine.allocate(bytes, 'the average of the weights');
    engine.kernels.clear(this.#at, bytes);
  }

  #swap(): void {
    const { engine, parametersAt, optimizerAt, plan } = this.#owner;
    const [here, there] = [parametersAt, this.#at].map((at) => engine.f32(at, plan.count));
    const kept = here.slice();
    here.set(there);
    there.set(kept);
    this.#isInPlace = !this.#isInPlace;
    engine.kernels.forgetBounds(optimizerAt);
  }
}

/** Gives all memory of a network back. */
export function releaseNetwork({ engine, at, average }: Owner & { readonly average: Average }): void {
  engine.release(at);
  average.release();
}
