import { describe } from '../check.js';
import { WORKER_SOURCE } from './worker.js';

/** What a thread tells: that it is ready, that it could not begin, or which call it has made. */
export interface Message {
  readonly ready?: true;
  readonly error?: string;
  readonly id?: number;
}

/** A thread of the host's, whichever kind of worker it is. */
export interface Thread {
  send(message: unknown): void;
  /** Ends it, whatever it is doing. */
  end(): void;
  /** From now on it does not keep the program running. */
  release(): void;
}

interface Listeners {
  readonly onMessage: (message: Message) => void;
  /** It died, or never lived. */
  readonly onEnd: (reason: string) => void;
}

interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<unknown>;
  unref(): void;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
  emitWarning?(message: string, type: string): void;
}

const { process } = globalThis as { process?: NodeProcess };

/** Node's worker threads, also in runtimes that have taken them over. Bundlers leave a module asked for like this alone. */
const nodeThreads = process?.getBuiltinModule?.('node:worker_threads') as
  { Worker: new (source: string | URL, options: object) => NodeWorker } | undefined;

let address: URL | string | undefined;

/**
 * Takes the script of the workers from an address, in place of the package's own inlined text: for pages whose policy
 * forbids `worker-src blob:`. It is `chainrule/worker.js`. Call it before the first network with threads is created.
 */
export function provideWorker(url: URL | string): void {
  if (typeof url !== 'string' && !(url instanceof URL)) {
    throw new TypeError(`"url" must be a URL or a string: got ${describe(url)}`);
  }
  address = url;
}

/** How many threads the machine runs at once. */
export function cores(): number {
  const os = process?.getBuiltinModule?.('node:os') as { availableParallelism?(): number } | undefined;
  return os?.availableParallelism?.() ?? (globalThis.navigator?.hardwareConcurrency || 1);
}

/** Whether memory can be shared here: anywhere but in a page that is not cross-origin isolated. */
export function canShare(): boolean {
  return typeof SharedArrayBuffer === 'function' && (nodeThreads !== undefined || globalThis.crossOriginIsolated);
}

/** Whether the caller's thread may wait: it may not where it would hold up a page. */
export function canWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

export function startThread(listeners: Listeners): Thread {
  return nodeThreads ? startNodeThread(nodeThreads.Worker, listeners) : startWebWorker(listeners);
}

function startNodeThread(
  NodeThread: new (source: string | URL, options: object) => NodeWorker,
  { onMessage, onEnd }: Listeners,
): Thread {
  // without execArgv: what the program was told to load first (a compiler, say) is none of a kernel thread's business
  const worker = new NodeThread(address ?? WORKER_SOURCE, { eval: address === undefined, execArgv: [] });
  worker.on('message', onMessage);
  worker.on('error', (error: Error) => onEnd(error.message));
  worker.on('exit', () => onEnd('it ended'));
  return {
    send: (message) => worker.postMessage(message),
    end: () => void worker.terminate(),
    release: () => worker.unref(),
  };
}

function startWebWorker({ onMessage, onEnd }: Listeners): Thread {
  const url = address ?? URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }: MessageEvent<Message>) => onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    onEnd(event.message || 'its script could not be loaded');
  };
  return {
    send: (message) => worker.postMessage(message),
    end: () => worker.terminate(),
    release: () => {
      if (address === undefined) URL.revokeObjectURL(String(url));
    },
  };
}

/** Tells the person who runs the program; it goes on. */
export function warn(message: string): void {
  if (process?.emitWarning) process.emitWarning(message, 'ChainruleWarning');
  // eslint-disable-next-line no-console -- a page has no other place for a warning
  else console.warn(message);
}
