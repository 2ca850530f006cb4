/** The worker as the page sees it. Draws at most one snapshot at each frame of the screen, and asks for the next. */
import type { Configuration, Look, Reply, Request, Snapshot } from '../training/protocol.js';

export interface EngineEvents {
  /** Called in an animation frame; calls `done` when it is ready for the next. */
  readonly drawn: (snapshot: Snapshot, done: () => void) => void;
  readonly failed: (message: string) => void;
}

export class Engine {
  #worker: Worker | undefined;
  readonly #events: EngineEvents;
  readonly #saves: ((bytes: Uint8Array<ArrayBuffer>) => void)[] = [];
  #run = 0;
  #waiting: Snapshot | undefined;
  #frame = 0;

  constructor(events: EngineEvents) {
    this.#events = events;
    this.start();
  }

  /** There is no worker: it could not be started, or it died. */
  get isBroken(): boolean {
    return this.#worker === undefined;
  }

  start(): void {
    const worker = new Worker(new URL('../training/worker.ts', import.meta.url), { type: 'module' });
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#take(data));
    worker.addEventListener('error', ({ message }) => {
      worker.terminate();
      this.#worker = undefined;
      this.#events.failed(message || 'The worker that trains could not be started.');
    });
  }

  /** Nothing more is said of the network at hand. */
  forget(): void {
    this.#run++;
    this.#waiting = undefined;
    this.ask({ type: 'pause' });
  }

  configure(configuration: Configuration): void {
    this.#run++;
    this.#waiting = undefined;
    this.ask({ type: 'configure', run: this.#run, configuration });
  }

  look(look: Look): void {
    this.ask({ type: 'look', look });
  }

  ask(request: Request): void {
    this.#worker?.postMessage(request);
  }

  /** The network as a file. */
  save(): Promise<Uint8Array<ArrayBuffer>> {
    this.ask({ type: 'save' });
    return new Promise((resolve) => this.#saves.push(resolve));
  }

  #take(reply: Reply): void {
    if (reply.type === 'saved') {
      this.#saves.shift()?.(reply.bytes as Uint8Array<ArrayBuffer>);
      return;
    }
    if (reply.run !== this.#run) return;
    if (reply.type === 'failed') {
      this.#events.failed(reply.message);
      return;
    }
    this.#waiting = reply.snapshot;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const snapshot = this.#waiting;
    this.#waiting = undefined;
    if (snapshot === undefined) return;
    this.#events.drawn(snapshot, () => this.ask({ type: 'drawn' }));
  }
}
