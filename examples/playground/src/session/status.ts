/** Whether there is a network to look at and to train, and if not, why: the one truth for every part of the page. */

export type Status =
  /** Examples and network are there. */
  | { readonly kind: 'ready' }
  /** They are on their way. */
  | { readonly kind: 'loading'; readonly sentence: string }
  /** The person has to choose something first. */
  | { readonly kind: 'nothing'; readonly sentence: string }
  /** Something broke that may go well the next time. */
  | { readonly kind: 'failed'; readonly sentence: string };

export const READY: Status = { kind: 'ready' };
