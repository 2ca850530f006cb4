import { wrongType } from '../support/check.js';
import type { AbortSignalLike } from '../support/platform.js';

/** @throws TypeError for what is no signal */
export function checkSignal(signal: unknown): AbortSignalLike | undefined {
  if (signal === undefined) return undefined;
  const { aborted, addEventListener, removeEventListener } = Object(signal) as Partial<AbortSignalLike>;
  const listens = [addEventListener, removeEventListener].every((method) => typeof method === 'function');
  if (typeof aborted === 'boolean' && listens) return signal as AbortSignalLike;
  throw wrongType('signal', 'an AbortSignal', signal);
}

/** How work on a network learns that the network has ended. */
export interface Life {
  /** Throws once it is disposed of, or cannot be used any more. */
  assertAlive(): void;
  /** Called when it is disposed of. */
  readonly onDispose: Set<() => void>;
}

/** Leave to go on with a piece of work: an abort, or the end of the network, withdraws it at any time. */
export class Leave {
  readonly #life: Life;
  readonly #signal: AbortSignalLike | undefined;

  constructor(life: Life, signal: AbortSignalLike | undefined) {
    this.#life = life;
    this.#signal = signal;
  }

  /** Throws when the network is no more. */
  assertAlive(): void {
    this.#life.assertAlive();
  }

  get isAlive(): boolean {
    try {
      this.assertAlive();
      return true;
    } catch {
      return false;
    }
  }

  /** Throws when leave is withdrawn. It is called after everything that may have run code of the user's. */
  check(): void {
    this.assertAlive();
    if (!this.#signal?.aborted) return;
    const { reason } = this.#signal;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the user's own reason, whatever it is
    throw reason === undefined
      ? Object.assign(new Error('This operation was aborted'), { name: 'AbortError' })
      : reason;
  }

  /**
   * What a promise of the user's gives, or anything else as it is. When leave is withdrawn first, it throws at once,
   * and the promise is ignored.
   */
  async wait<T>(given: T): Promise<Awaited<T>> {
    let stop = (): void => undefined;
    const withdrawn = new Promise<never>((_, reject) => {
      stop = () => {
        try {
          this.check();
        } catch (error) {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the user's own reason, as above
          reject(error);
        }
      };
    });
    const { onDispose } = this.#life;
    onDispose.add(stop);
    this.#signal?.addEventListener('abort', stop);
    // it may have been withdrawn before there was anybody to hear
    stop();
    try {
      return await Promise.race([given, withdrawn]);
    } finally {
      onDispose.delete(stop);
      this.#signal?.removeEventListener('abort', stop);
    }
  }
}

/** Whether there is something to wait for: a promise of whatever realm or library. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
