/**
 * Writes the service worker that keeps the page on the machine, so that it works offline. Its list of files and their
 * version come from what was built.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const FILE = 'service-worker.js';
/** Kernels for threads and for `fused`, which this page does not ask for; and the picture that others show of it. */
const UNASKED = /(kernels\.[a-z.]+\.generated|team)-|social\.png$/;

export function offline(): Plugin {
  return {
    name: 'chainrule-offline',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const files = readdirSync(dir, { encoding: 'utf8', recursive: true })
        .map((path) => path.replaceAll('\\', '/'))
        .filter((path) => path !== FILE && !UNASKED.test(path) && statSync(join(dir, path)).isFile())
        .sort();
      const hash = createHash('sha256');
      for (const path of files) hash.update(path).update(readFileSync(join(dir, path)));
      writeFileSync(join(dir, FILE), serviceWorker(files, hash.digest('hex').slice(0, 16)));
    },
  };
}

/** The files come from the cache of their version; the next version takes over once no page of this one is open. */
function serviceWorker(files: readonly string[], version: string): string {
  const paths = files.map((path) => (path === 'index.html' ? './' : `./${path}`));
  return `const CACHE = 'chainrule-playground-${version}';
const FILES = ${JSON.stringify(paths)};
addEventListener('install', (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES))));
addEventListener('activate', (event) => event.waitUntil(dropOld()));
addEventListener('fetch', (event) => {
  if (event.request.method === 'GET') event.respondWith(answer(event.request));
});
async function dropOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('chainrule-playground-') && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}
async function answer(request) {
  const cache = await caches.open(CACHE);
  const page = request.mode === 'navigate' ? './' : request;
  return (await cache.match(page, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
`;
}
