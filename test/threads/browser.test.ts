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
import { WORKER_SOURCE } from '../../src/threads/worker.js';

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

/** Networks that train at the same time, plainly, then with a callback that is waited for, while the page asks them. */
const TOGETHER = `async ({ createNetwork, dense }, threads, count) => {
  const y = Float32Array.from({ length: 512 }, (_, i) => i % 3);
  const saved = [];
  let asked = 0;
  for (const onBatch of [undefined, ({ batch }) => batch % 2 && new Promise((resolve) => setTimeout(resolve))]) {
    const nets = await Promise.all(Array.from({ length: count }, (_, seed) => {
      const inputs = seed % 2 ? 64 : 256;
      return createNetwork({ inputs, layers: [dense(4 * inputs, 'tanh'), dense(1)], seed, threads });
    }));
    const xs = nets.map(({ inputs }) => {
      return Float32Array.from({ length: 512 * inputs }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.5);
    });
    const timer = setInterval(() => nets.forEach((net, i) => (asked += net.predict(xs[i].slice(0, net.inputs)).length)));
    await Promise.all(nets.map((net, i) => net.fit(xs[i], y, { epochs: 2, batchSize: 128, onBatch })));
    clearInterval(timer);
    for (const net of nets) saved.push(String(new Uint32Array(await crypto.subtle.digest('SHA-256', net.save()))));
  }
  return { asked, saved };
}`;

/** The page's own script: it trains, and sends what came of it. */
const SCRIPT = `
  import * as library from '/chainrule.js';
  const { worker, count } = Object.fromEntries(new URL(location).searchParams);
  (count ? (${TOGETHER})(library, 2, Number(count)) : (${PROGRAM})(library, 2, worker))
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
  saved: unknown[];
}

let server: Server;
let origin: string;
let expected: Outcome;
let expectedTogether: Outcome;
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
  type Program = (from: object, threads: number, count?: number) => Promise<Outcome>;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the programs of the pages, here for what they should give
  const [program, together] = [PROGRAM, TOGETHER].map((text) => new Function(`return ${text}`)() as Program);
  expected = await program(library, 1);
  expectedTogether = await together(library, 1, 8);
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

  async function train(page: string, query: string): Promise<Outcome> {
    const outcome = new Promise<Outcome>((resolve) => (arrived = resolve));
    const tab = await browser.newPage();
    await tab.goto(`${origin}${page}?${query}`);
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
    const { saved, losses, ...found } = await train(page, `worker=${worker}`);
    expect(found.error).toBe(undefined);
    expect(found.threads).toBe(threads);
    expect(losses).toEqual(expected.losses);
    expect(saved).toEqual(expected.saved);
    // the page had its turns all the while
    expect(found.turns).toBeGreaterThan(4);
    expect(found.asked).toBeGreaterThan(0);
  });

  it.each([2, 3, 8])('%i networks that train at the same time, on two threads', async (count) => {
    const found = await train('/isolated', `count=${count}`);
    expect(found.error).toBe(undefined);
    // both rounds have the networks of the same seeds
    const rounds = [0, 8].flatMap((first) => expectedTogether.saved.slice(first, first + count));
    expect(found.saved).toEqual(rounds);
    expect(found.asked).toBeGreaterThan(0);
  });
});
