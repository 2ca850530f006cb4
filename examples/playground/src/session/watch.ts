/** How components follow what changes at each frame. */
import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store.js';

/** How often a person can read another number. */
const READING_MS = 120;

/**
 * Calls `watcher` after a change, but not more often than can be read, and a last time when the changes end. At once
 * when the value is gone: what it was must not stand beside the reason.
 */
export function watchCalmly<T>(store: Store<T>, watcher: () => void): () => void {
  let timer = 0;
  const tell = (): void => {
    clearTimeout(timer);
    timer = 0;
    watcher();
  };
  const end = store.watch((value) => {
    if (value === undefined) tell();
    else timer ||= window.setTimeout(tell, READING_MS);
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** Like `useStore` for what is to be read: follows some times a second; not at all while `active` is false. */
export function useCalmly<T, S>(store: Store<T>, select: (value: T) => S, active = true): S {
  const [value, setValue] = useState(() => select(store.value));
  useEffect(() => {
    if (!active) return undefined;
    const update = (): void => setValue(() => select(store.value));
    update();
    return watchCalmly(store, update);
  }, [store, active]);
  return value;
}

/** True while an element is on the screen, or nearly. */
export function useOnScreen(element: { readonly current: Element | null }): boolean {
  const [isOnScreen, setOnScreen] = useState(false);
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new IntersectionObserver(([entry]) => setOnScreen(entry.isIntersecting), { rootMargin: '100px' });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isOnScreen;
}
