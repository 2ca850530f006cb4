/** A contestant in a process of its own: what it leaks, prints or breaks stays there, and it can be stopped. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Reply, Request } from './protocol.js';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** One thread for all. */
const ENVIRONMENT = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

export class ContestantProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  readonly #interface: Interface;
  #errors = '';
  #stopped: string | undefined;

  constructor({ program, args }: Command) {
    this.#child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, ...ENVIRONMENT } });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-2000);
    });
    this.#child.once('error', ({ message }) => (this.#stopped ??= message));
    this.#child.stdin.on('error', () => undefined); // a process that has ended is noticed by its missing reply
    this.#interface = createInterface({ input: this.#child.stdout });
    this.#lines = this.#interface[Symbol.asyncIterator]();
  }

  /** The reply, or why there is none: `seconds` have passed, and the process is stopped, or it ended by itself. */
  async ask(request: Request, seconds: number): Promise<Reply> {
    const timer = setTimeout(() => this.stop(`over the limit of ${seconds.toFixed(0)} s`), 1000 * seconds);
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    clearTimeout(timer);
    if (!line.done) return JSON.parse(line.value) as Reply;
    return { is: 'failed', reason: this.#stopped ?? `it ended: ${lastLine(this.#errors)}` };
  }

  stop(reason = 'stopped'): void {
    this.#stopped ??= reason;
    this.#interface.close();
    this.#child.kill('SIGKILL');
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
