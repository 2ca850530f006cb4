/**
 * `bytes` of memory at a multiple of 16, with whatever was there. Memory grows as needed, so the host's views must be
 * taken afresh. Where the machine has no more, this traps before anything has changed.
 */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}

export function release(at: usize): void {
  heap.free(at);
}

/** Sets `bytes` at `at` to 0. */
export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}
