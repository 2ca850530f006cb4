import { checkInteger, checkOptions, wrongType } from '../support/check.js';
import { isUrl, type UrlLike } from '../support/platform.js';

/** Where a fit keeps what it needs to go on after its program has ended, and how often. For Node and what is like it. */
export interface Checkpoint {
  /** A file in a folder that is there. Where it exists, the fit goes on from it; it stays when the fit is done. */
  path: string | UrlLike;
  /** After how many epochs it is written anew. The last epoch writes it in any case. Default 1. */
  every?: number;
}

export function checkCheckpoint(value: unknown): Required<Checkpoint> | undefined {
  if (value === undefined) return undefined;
  const { path, every = 1 } = checkOptions('checkpoint', value, ['path', 'every']);
  if ((typeof path !== 'string' || path === '') && !isUrl(path)) {
    throw wrongType('checkpoint.path', 'the path of a file', path);
  }
  return { path, every: checkInteger('checkpoint.every', every, 1, 0x7fffffff) };
}
