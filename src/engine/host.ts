import { wrongType } from '../support/check.js';
import { isUrl, type UrlLike } from '../support/platform.js';

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
  emitWarning?(message: string, type: string): void;
}

const { process } = globalThis as { process?: NodeProcess };

/** A module of Node's own, also in other runtimes that have it. Bundlers leave alone what is asked for in this way. */
export const builtin = (name: string): unknown => process?.getBuiltinModule?.(name);

/** The address of the workers' script; without one it is the package's own text. */
export let address: UrlLike | string | undefined;

/**
 * Takes the script of the workers from an address, in place of the package's own inlined text: for pages whose policy
 * forbids `worker-src blob:`. It is `chainrule/worker.js`. Call it before the first network with threads is created.
 */
export function provideWorker(url: UrlLike | string): void {
  if (typeof url !== 'string' && !isUrl(url)) {
    throw wrongType('url', 'a URL or a string', url);
  }
  address = url;
}

/** How many threads the machine runs at once. */
export function cores(): number {
  const os = builtin('node:os') as { availableParallelism?(): number } | undefined;
  return os?.availableParallelism?.() ?? (globalThis.navigator?.hardwareConcurrency || 1);
}

/** Warns the person who runs the program, which goes on. */
export function warn(message: string): void {
  if (process?.emitWarning) process.emitWarning(message, 'ChainruleWarning');
  else globalThis.console?.warn(message);
}

const warnings = new Set<string>();

/** The same, but no warning twice. */
export function warnOnce(message: string): void {
  if (warnings.has(message)) return;
  warnings.add(message);
  warn(message);
}
