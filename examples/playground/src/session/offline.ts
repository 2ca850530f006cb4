/** Has the browser keep the page, so that it opens without a network the next time. */
export function keepOffline(): void {
  // while it is developed, its files change
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const address = new URL('service-worker.js', document.baseURI);
  addEventListener('load', () => {
    // a browser that refuses, as some do in private windows, loads the page anew each time
    navigator.serviceWorker.register(address).catch(() => undefined);
  });
}
