/** Not while the page is developed: its files change then. By `vite.config.ts`. */
declare const IS_BUILT: boolean;

/** Has the browser keep the page, so that it opens without a network the next time. */
export function keepOffline(): void {
  if (!IS_BUILT || !('serviceWorker' in navigator)) return;
  const address = new URL('service-worker.js', document.baseURI);
  addEventListener('load', () => {
    // a browser that refuses, as some do in private windows, loads the page anew each time
    navigator.serviceWorker.register(address).catch(() => undefined);
  });
}
