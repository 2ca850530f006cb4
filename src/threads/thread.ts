import { address, builtin } from '../engine/host.js';
import type { UrlLike } from '../support/platform.js';
import { WORKER_SOURCE } from './worker.js';

/** A worker of Node's, as far as it is used here: the package is compiled without Node's types. */
interface NodeWorker {
  on(event: string, listener: (value: never) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<unknown>;
  unref(): void;
}

/** Node's worker threads. */
export const nodeThreads = builtin('node:worker_threads') as
  { Worker: new (source: string | UrlLike, options: object) => NodeWorker } | undefined;

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

export function startThread(listeners: Listeners): Thread {
  return nodeThreads ? startNodeThread(nodeThreads.Worker, listeners) : startWebWorker(listeners);
}

function startNodeThread(
  NodeThread: new (source: string | UrlLike, options: object) => NodeWorker,
  { onMessage, onEnd }: Listeners,
): Thread {
  // without execArgv: a thread of kernels needs nothing that the program was told to load first, such as a compiler
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
  const own = address === undefined ? URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' })) : '';
  const url = typeof address === 'object' ? address.href : (address ?? own);
  const worker = new Worker(url);
  worker.onmessage = ({ data }: MessageEvent<Message>) => onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    onEnd(
      event.message ||
        'its script could not be loaded. A Content-Security-Policy needs "worker-src blob:", or see provideWorker',
    );
  };
  return {
    send: (message) => worker.postMessage(message),
    end: () => worker.terminate(),
    release: () => {
      if (own) URL.revokeObjectURL(own);
    },
  };
}
