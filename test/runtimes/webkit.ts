/** WebKitGTK, by its WebDriver and a display that is not there. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findProgram, isExecutable } from '../browsers.js';
import type { Opener } from './pages.js';
import { printed } from './printed.js';

const PATIENCE = 150_000;
const BROWSER = 'webkit2gtk-4.1/MiniBrowser';

const driverPath = findProgram('WebKitWebDriver');
const displayPath = findProgram('Xvfb');
/** Debian keeps it in the folder of the machine's libraries: /usr/lib/x86_64-linux-gnu, say. */
const browserPath = librariesFolders()
  .map((folder) => join(folder, BROWSER))
  .find(isExecutable);

function librariesFolders(): string[] {
  try {
    return readdirSync('/usr/lib').map((name) => join('/usr/lib', name));
  } catch {
    return [];
  }
}

/** A session, and what it runs on. */
interface Session {
  address: string;
  version: string;
  processes: ChildProcessWithoutNullStreams[];
}

let running: Promise<Session> | undefined;
const session = (): Promise<Session> => (running ??= start());

export const openWebKit: Opener = {
  name: 'WebKitGTK',
  missing:
    driverPath && displayPath && browserPath
      ? undefined
      : 'WebKitGTK is not installed: apt-get install webkit2gtk-driver xvfb',
  version: async () => (await session()).version,
  read: async (page) => {
    const { address } = await session();
    await command('POST', `${address}/url`, { url: page });
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      const script = `return document.querySelector('output').textContent`;
      const text = await command('POST', `${address}/execute/sync`, { script, args: [] });
      if (text) return text as string;
      await wait(50);
    }
    throw new Error(`WebKitGTK showed nothing within ${PATIENCE / 1000} s`);
  },
  close: async () => {
    if (!running) return;
    const { address, processes } = await running;
    await command('DELETE', address);
    for (const process of processes) process.kill();
  },
};

async function start(): Promise<Session> {
  const display = spawn(displayPath!, ['-displayfd', '1', '-nolisten', 'tcp', '-screen', '0', '1024x768x24']);
  const number = await printed(display, /^\d+\n/);
  const port = await freePort();
  const driver = spawn(driverPath!, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: `:${number.trim()}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  });
  const root = `http://127.0.0.1:${port}`;
  await ready(root);
  const options = { binary: browserPath, args: ['--automation'] };
  const { sessionId, capabilities } = (await command('POST', `${root}/session`, {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  return {
    address: `${root}/session/${sessionId}`,
    version: capabilities.browserVersion,
    processes: [driver, display],
  };
}

/** One command of the W3C's WebDriver: its value, or an error with what the driver says. */
async function command(method: string, address: string, body?: unknown): Promise<unknown> {
  const response = await fetch(address, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) throw new Error(`WebKitWebDriver refused ${method} ${address}: ${JSON.stringify(value)}`);
  return value;
}

async function ready(root: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(`${root}/status`).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    await wait(50);
  }
  throw new Error('WebKitWebDriver did not answer within 10 s');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
