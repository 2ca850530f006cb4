/**
 * Paints pictures in pieces: a frame takes no more of them than fit, and the rest waits for the next. So the page stays
 * smooth however large the network is, and it is the drawing that yields, never the training.
 */

/** Draws a picture; a generator yields after each of its pieces. */
export type Draw = () => Iterator<unknown> | undefined;

/** Of the 16 ms of a frame, what is left when the browser has put it on the screen. */
const BUDGET_MS = 5;
/** Browsers may draw later what is asked of a canvas, so that the clock does not tell all. */
const MOST_PIECES = 16;

export interface Screen {
  readonly now: () => number;
  readonly frame: (work: () => void) => void;
}

const BROWSER: Screen = { now: () => performance.now(), frame: (work) => void requestAnimationFrame(work) };

/** A picture that is drawn in one piece. */
export function whole(draw: () => void): Draw {
  return () => {
    draw();
    return undefined;
  };
}

export class Painter {
  readonly #screen: Screen;
  /** By what they are drawn on, in the order in which they were asked for. */
  readonly #waiting = new Map<object, Draw>();
  #begun: Iterator<unknown> | undefined;
  #settled: (() => void)[] = [];
  #isAwake = false;

  constructor(screen: Screen = BROWSER) {
    this.#screen = screen;
  }

  /** Soon draws on `canvas`. Of several pictures that wait for the same canvas the last counts. */
  paint(canvas: object, draw: Draw): void {
    this.#waiting.set(canvas, draw);
    this.#wake();
  }

  /** What was asked of a canvas is not drawn any more. */
  drop(canvas: object): void {
    this.#waiting.delete(canvas);
  }

  /** Calls back when everything has been drawn, at once where nothing waits. */
  whenSettled(done: () => void): void {
    if (this.#isIdle) done();
    else this.#settled.push(done);
  }

  /** Draws what fits in the frame at hand. */
  work(): void {
    const end = this.#screen.now() + BUDGET_MS;
    for (let pieces = 0; pieces < MOST_PIECES && this.#screen.now() < end; pieces++) {
      if (!this.#piece()) break;
    }
    if (!this.#isIdle) {
      this.#wake();
      return;
    }
    const settled = this.#settled;
    this.#settled = [];
    for (const done of settled) done();
  }

  get #isIdle(): boolean {
    return this.#begun === undefined && this.#waiting.size === 0;
  }

  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    this.#screen.frame(() => {
      this.#isAwake = false;
      this.work();
    });
  }

  /** Goes on with the picture that was begun, or begins the next; false when there is none. */
  #piece(): boolean {
    if (this.#begun) {
      if (this.#begun.next().done) this.#begun = undefined;
      return true;
    }
    const [next] = this.#waiting;
    if (!next) return false;
    const [canvas, draw] = next;
    this.#waiting.delete(canvas);
    this.#begun = draw();
    return true;
  }
}
