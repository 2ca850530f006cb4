/*
 * The allocator (AssemblyScript's TLSF) keeps free blocks in classes: a class a size below 256 bytes, and from there on
 * 16 to each doubling. A search begins at the first class of which every block is long enough. The lengths of blocks
 * are 12 above a multiple of 16, and classes begin at such a multiple: so a block as long as was asked for lies in the
 * class below the one where a search for its length begins, and is never found again.
 */

/** The longest block of a class of its own. */
const SMALL: usize = 252;

/** Above this the allocator searches the very class of what it is asked for, whose blocks may be too short. */
const LARGE: usize = 1 << 29;

/**
 * `bytes` of memory, at most 992 MiB, at a multiple of 16, with whatever was there. A block that was released is found
 * again by any request of its class. Memory grows as needed, so the host's views must be taken afresh. Where the
 * machine has no more, this traps before anything has changed.
 */
export function allocate(bytes: usize): usize {
  if (bytes <= SMALL) return heap.alloc(bytes);
  const width: usize = max<usize>(16, 1 << (27 - clz(bytes)));
  const beginning = max<usize>(272, (bytes + width - 1) & ~(width - 1));
  // the shortest block of the class, which all others of it hold
  if (beginning > LARGE) return heap.alloc(beginning + 12);
  // the search begins at the class; what it finds is at least 16 longer than what is asked for, and right behind that
  return heap.realloc(heap.alloc(beginning - 4), beginning + 12);
}

export function release(at: usize): void {
  heap.free(at);
}

/** Sets `bytes` at `at` to 0. */
export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}
