/*
 * How threads wait for each other, and what several may write. Memory that one thread alone uses needs none of it: in
 * those builds `raise` is a plain maximum, and nothing else is called.
 */

/** How often a thread looks before it sleeps: about 0.1 ms. To sleep and be woken takes a third of that. */
export const SPINS: i32 = 20000;

/** Waits until the word at `at` is no longer `seen`, and returns it; the word at `sleeping` is 1 while it sleeps. */
export function awaitChange(at: usize, seen: i32, sleeping: usize): i32 {
  for (let spin = 0; spin < SPINS; spin++) {
    const word = atomic.load<i32>(at);
    if (word != seen) return word;
  }
  atomic.store<i32>(sleeping, 1);
  while (atomic.load<i32>(at) == seen) atomic.wait<i32>(at, seen, -1);
  atomic.store<i32>(sleeping, 0);
  return atomic.load<i32>(at);
}

/** Writes the word at `at`, and wakes the thread that waits for its change if it has gone to sleep. */
// @ts-ignore: decorator
@inline
export function post(at: usize, word: i32, sleeping: usize): void {
  atomic.store<i32>(at, word);
  if (atomic.load<i32>(sleeping)) atomic.notify(at, 1);
}

/** Raises the float at `at`, which is not negative, to |value| where that is larger, or a NaN: whoever comes first. */
export function raise(at: usize, value: f32): void {
  // bits without their sign are ordered as the magnitudes are, NaN last
  const bits = reinterpret<i32>(value) & i32.MAX_VALUE;
  if (!ASC_FEATURE_THREADS) {
    if (bits > load<i32>(at)) store<i32>(at, bits);
    return;
  }
  for (let held = atomic.load<i32>(at); bits > held;) {
    const found = atomic.cmpxchg<i32>(at, held, bits);
    if (found == held) return;
    held = found;
  }
}
