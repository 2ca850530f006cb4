/*
 * What the library takes of its host's own kinds, by what it asks of them. Their names belong to the types of the DOM,
 * and a program for Node or a worker may be compiled without those.
 */

/** An `AbortSignal`, which may be another realm's, or a library's own. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A `URL`. */
export interface UrlLike {
  readonly href: string;
}

/** True for a URL of any realm, in hosts too that have no such name. */
export function isUrl(value: unknown): value is UrlLike {
  return typeof (value as Partial<UrlLike> | undefined)?.href === 'string';
}

declare global {
  // as in TypeScript's own `esnext.disposable`, which not every program has
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}
