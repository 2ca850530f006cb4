/** A peer in a contest: it prepares, takes its turns, and has a result, whatever happens to its process. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rateOf } from '../measure.js';
import { ContestantProcess } from './contestant-process.js';
import type { Request } from './protocol.js';
import type { Cell } from './results.js';
import { commandOf, type Peer } from './roster.js';

export interface EntrantOptions {
  readonly python: string;
  /** Seconds for preparing and all turns together; who needs more to prepare, or for a first turn, is left out. */
  readonly limit: number;
  readonly onProgress: (line: string) => void;
}

/** Its process starts when it is its turn to prepare. */
export class Entrant {
  readonly #peer: Peer;
  readonly #folder: string;
  readonly #options: EntrantOptions;
  readonly #latencies: number[] = [];
  #process: ContestantProcess | undefined;
  #samples = 0;
  #spent = 0;
  #found: Omit<Cell, 'peer' | 'rate'> = {};

  constructor(peer: Peer, folder: string, options: EntrantOptions) {
    this.#peer = peer;
    this.#folder = folder;
    this.#options = options;
  }

  async prepare(request: Request): Promise<void> {
    this.#process = new ContestantProcess(commandOf(this.#peer, this.#folder, this.#options.python));
    const reply = await this.#ask(request);
    if (reply.is === 'ready') {
      this.#found = reply.found;
    } else {
      this.#leave(reply.is === 'measured' ? 'it did not prepare' : reply.reason);
    }
    this.#options.onProgress(`  ${this.#peer.name}${this.#found.missing ? `: ${this.#found.missing}` : ''}`);
  }

  /** Those who have used up their time are content with the turns they had. */
  async takeTurn(milliseconds: number): Promise<void> {
    if (this.#found.missing || (this.#latencies.length > 0 && this.#spent > this.#options.limit / 2)) return;
    const reply = await this.#ask({ do: 'measure', milliseconds });
    if (reply.is === 'measured') {
      this.#latencies.push(...reply.latencies);
      this.#samples = reply.samples;
    } else if (this.#latencies.length === 0) {
      this.#leave(reply.is === 'ready' ? 'it measured nothing' : reply.reason);
    }
  }

  async result(): Promise<Cell> {
    const { name } = this.#peer;
    const version = this.#found.version ?? (await installedVersion(this.#peer.package));
    const measured = this.#latencies.length > 0 && { rate: rateOf(this.#samples, this.#latencies) };
    return { peer: name, ...this.#found, ...(version && { version }), ...measured };
  }

  stop(): void {
    this.#process?.stop();
  }

  async #ask(request: Request): ReturnType<ContestantProcess['ask']> {
    const start = performance.now();
    const reply = await this.#process!.ask(request, Math.max(1, this.#options.limit - this.#spent));
    this.#spent += (performance.now() - start) / 1000;
    return reply;
  }

  #leave(missing: string): void {
    this.#found = { missing };
    this.stop();
  }
}

async function installedVersion(name: string | undefined): Promise<string | undefined> {
  if (!name) return undefined;
  const path = join(import.meta.dirname, 'node_modules', name, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { version?: string }).version;
}
