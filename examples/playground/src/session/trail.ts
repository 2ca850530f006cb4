/** The page's address, kept up to date, and its entries in the browser's history: what Back and "Undo" go through. */
import { Store } from './store.js';

/** Browsers refuse addresses that change too often. */
const DELAY_MS = 200;
/** Changes of the same things that follow each other faster than this are one: those of a slider that is drawn. */
const ONE_MS = 1000;

export class Trail {
  /** How many changes can be undone. */
  readonly depth = new Store(depthOf(history.state));
  /** The address as it should be. */
  readonly #address: () => string;
  /** As it was last written or read: another one was only just pasted. */
  #known = location.href;
  #timer = 0;
  #last = { what: '', at: -Infinity };

  constructor(address: () => string, onMove: () => void) {
    this.#address = address;
    addEventListener('hashchange', () => {
      this.#last = { what: '', at: -Infinity };
      this.#known = location.href;
      this.depth.set(depthOf(history.state));
      onMove();
    });
  }

  /** Soon brings the address up to date. */
  write(): void {
    this.#timer ||= window.setTimeout(() => this.#write(), DELAY_MS);
  }

  /** Before a change that restarts the training: the entry at hand is to lead back to this very state. */
  keep(): void {
    this.#write();
  }

  /** After the change, which gets an entry of its own. `what` tells the changes of one slider from others. */
  push(what: string): void {
    const now = performance.now();
    const isSame = what === this.#last.what && now - this.#last.at < ONE_MS;
    this.#last = { what, at: now };
    if (!isSame) this.depth.set(this.depth.value + 1);
    const state = { depth: this.depth.value };
    if (isSame) history.replaceState(state, '', this.#address());
    else history.pushState(state, '', this.#address());
    this.#known = location.href;
  }

  undo(): void {
    if (this.depth.value > 0) history.back();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    // it has yet to be read
    if (location.href !== this.#known) return;
    history.replaceState(history.state, '', this.#address());
    this.#known = location.href;
  }
}

/** Entries that are not the page's own have none. */
function depthOf(state: unknown): number {
  return typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0;
}
