interface Host {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: typeof MessageChannel;
  readonly setTimeout?: (callback: () => void, milliseconds: number) => unknown;
}

/** Taken when the library is loaded: a test that replaces timers later does not stop a training. */
const { setImmediate, MessageChannel: Channel, setTimeout } = globalThis as Host;

/**
 * Resolves in a task of its own, as soon as others have had theirs. A timer, which would wait for milliseconds, is for
 * hosts that have nothing better; one without timers has no turns to give.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate) setImmediate(resolve);
    else if (Channel) postTo(new Channel(), resolve);
    else if (setTimeout) setTimeout(resolve, 0);
    else resolve();
  });
}

function postTo({ port1, port2 }: MessageChannel, receive: () => void): void {
  port1.onmessage = () => {
    port1.close();
    receive();
  };
  port2.postMessage(0);
}
