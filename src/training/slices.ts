import { now } from '../support/clock.js';
import { turn } from '../support/event-loop.js';

/** How long one call into the kernels should take, and how long the event loop may wait, in milliseconds. */
const CALL = 3;
const TURN = 7;

/** The milliseconds that are taken to have passed when the clock says the same as the last time. */
const LOOK = 0.05;

/** A first guess at flops per millisecond: what the slowest tier of an engine reaches on a slow machine. */
const SLOW = 2e5;

/**
 * Divides long work into slices, so that the event loop is held for less than about 10 ms at a time: it learns how
 * fast the kernels run here, and says when it is time to let others have a turn. What is computed never depends on it.
 */
export class Slices {
  /** Flops per millisecond: what one fit learns serves the next. */
  static #speed = SLOW;
  #turnBegan = now();
  /** What the clock said last, and what has probably passed since: it may be coarse, or stand still. */
  #seen = this.#turnBegan;
  #unseen = 0;

  /** How many flops the next call may take. */
  get budget(): number {
    return Slices.#speed * CALL;
  }

  /** Learns from a call of about `flops` that took some milliseconds: 0 where the clock did not see it. */
  learn(flops: number, took: number): void {
    if (took === 0) this.#unseen += flops / Slices.#speed;
    // a clock too coarse to see a call of the whole budget tells that more would have done; of a short one, nothing
    if (!(took > 0) || (took < 0.05 && 2 * flops < this.budget)) return;
    const speed = took < 0.05 ? Slices.#speed * 2 : flops / took;
    Slices.#speed = Math.max(SLOW, Math.min(0.5 * (Slices.#speed + speed), Slices.#speed * 4));
  }

  /** True when others should have a turn. */
  get due(): boolean {
    const time = now();
    this.#unseen = time === this.#seen ? this.#unseen + LOOK : 0;
    this.#seen = time;
    const held = time - this.#turnBegan;
    return held > TURN || held < 0 || this.#unseen > TURN;
  }

  /** Lets the event loop turn once. */
  async pause(): Promise<void> {
    await turn();
    this.#turnBegan = this.#seen = now();
    this.#unseen = 0;
  }
}
