/** Pages: cross-origin isolated ones train on workers and stay responsive; others on one thread, with the same bits. */
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { chromium, firefox, type Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../src/index.js';
import { WORKER_SOURCE } from '../../src/engine/worker.js';

const root = join(import.meta.dirname, '../..');

const BROWSERS = [
  {
    name: 'Chromium',
    path: '/usr/bin/chromium',
    launch: (executablePath: string) =>
      chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] }),
  },
  {
    name: 'Firefox',
    path: '/usr/bin/firefox-esr',
    launch: (executablePath: string) => firefox.launch({ channel: 'moz-firefox', executablePath }),
  },
];

const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const STRICT = { 'Content-Security-Policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" };

/** The headers of each page. */
const PAGES: Record<string, Record<string, string>> = {
  '/plain': {},
  '/isolated': ISOLATED,
  '/strict': { ...ISOLATED, ...STRICT },
};

/** What a page does: as text, it runs there and here. */
const PROGRAM = `async ({ createNetwork, dense, provideWorker }, threads, worker) => {
  if (worker) provideWorker(worker);
  const [rows, inputs] = [1024, 200];
  const x = Float32Array.from({ length: rows * inputs }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.5);
  const y = Float32Array.from({ length: rows }, (_, i) => i % 3);
  const net = await createNetwork({ inputs, layers: [dense(300, 'tanh'), dense(1)], seed: 3, threads });
  const found = { threads: net.threads, turns: 0, asked: 0 };
  const timer = setInterval(() => {
    found.turns++;
    // the workers are in the midst of a step: the page waits for them, and goes on
    if (found.turns % 5 === 0) found.asked += net.predict(x.subarray(0, inputs)).length;
  });
  const history = await net.fit(x, y, { epochs: 20, batchSize: 128, validation: [x, y] });
  clearInterval(timer);
  const losses = history.map(({ loss, validation }) => [loss, validation.loss]);
  return { ...found, losses, saved: Array.from(net.save()) };
}`;

/** The page's own script: it trains, and sends what came of it. */
const SCRIPT = `
  import * as library from '/chainrule.js';
  const worker = new URL(location).searchParams.get('worker');
  (${PROGRAM})(library, 2, worker)
    .catch((error) => ({ error: String(error) }))
    .then((outcome) => fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) }));
`;
const HTML = '<!doctype html><title>threads</title><script type="module" src="/script.js"></script>';

interface Outcome {
  error?: string;
  threads: number;
  turns: number;
  asked: number;
  losses: number[][];
  saved: number[];
}

let server: Server;
let origin: string;
let expected: Outcome;
/** Takes what the page at hand sends. */
let arrived: (outcome: Outcome) => void;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: { chainrule: join(root, 'dist/index.js') },
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: '/',
    write: false,
  });
  const files = new Map(outputFiles.map(({ path, text }) => [path, text]));
  files.set('/worker.js', WORKER_SOURCE);
  files.set('/script.js', SCRIPT);
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://page');
    const script = files.get(pathname);
    const headers = script === undefined ? PAGES[pathname] : ISOLATED;
    if (pathname === '/outcome') void json(request).then((outcome) => arrived(outcome as Outcome));
    if (!headers) return void response.writeHead(204).end();
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'Content-Type': type, ...headers }).end(script ?? HTML);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the program of the pages, here for what it should give
  const program = new Function(`return ${PROGRAM}`)() as (from: object, threads: number) => Promise<Outcome>;
  expected = await program(library, 1);
});

afterAll(() => server.close());

describe.each(BROWSERS)('in $name', ({ path, launch }) => {
  if (!existsSync(path)) {
    it.skip(`is not installed at ${path}`, () => undefined);
    return;
  }
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(path);
  });
  afterAll(() => browser.close());

  async function train(page: string, worker: string): Promise<Outcome> {
    const outcome = new Promise<Outcome>((resolve) => (arrived = resolve));
    const tab = await browser.newPage();
    await tab.goto(`${origin}${page}?worker=${worker}`);
    const found = await outcome;
    await tab.close();
    return found;
  }

  it.each([
    ['a page that is isolated, on two threads', '/isolated', '', 2],
    ['a page that is not, on one', '/plain', '', 1],
    ['a page with a strict policy and a script for its workers, on two', '/strict', '/worker.js', 2],
    ['a page with a strict policy and no such script, on one', '/strict', '', 1],
  ])('%s', async (_, page, worker, threads) => {
    const { saved, losses, ...found } = await train(page, worker);
    expect(found.error).toBe(undefined);
    expect(found.threads).toBe(threads);
    expect(losses).toEqual(expected.losses);
    expect(saved).toEqual(expected.saved);
    // the page had its turns all the while
    expect(found.turns).toBeGreaterThan(4);
    expect(found.asked).toBeGreaterThan(0);
  });
});
