/*
 * How threads wait for each other, and what several may write. Memory that one thread alone uses needs none of it: in
 * those builds `raise` is a plain maximum, and nothing else is called.
 */

/** How often a leader looks before it sleeps, and may make room for those that it waits for: some 30 µs. */
export const SPINS: i32 = 20000;

/**
 * How often a thread without work looks: longer than what the leader does alone between two jobs. To wake a thread took
 * 30 to 340 µs on a virtual machine, where each phase of W3 and each slice of W6 began with that (a trace of both threads).
 */
export const IDLE_SPINS: i32 = 200000;

/** A word that a thread waits for to change. */
@unmanaged
export class Bell {
  word: i32;
  /** 1 while somebody sleeps. */
  sleeping: i32;
}

/*
 * To sleep and to wake are the host's, by JavaScript's own Atomics: behind WebAssembly's instructions for them, the
 * first compiler of V8 11 (Node 20) has lost what local variables held. They are rare, and take far longer than the
 * call.
 */
// @ts-ignore: decorator
@external('env', 'sleep')
declare function sleep(bell: usize, seen: i32, milliseconds: f64): void;
// @ts-ignore: decorator
@external('env', 'wake')
declare function wake(bell: usize): void;

/**
 * Waits until the bell's word is no longer `seen`, or until it has slept for some milliseconds; it may also come back
 * for no reason. `sleeping` is the caller's to clear.
 */
export function awaitBell(bell: usize, seen: i32, milliseconds: f64, spins: i32): void {
  for (let spin = 0; spin < spins; spin++) if (atomic.load<i32>(bell) != seen) return;
  atomic.store<i32>(bell, 1, offsetof<Bell>('sleeping'));
  sleep(bell, seen, milliseconds);
}

/** Sets the bell's word, and wakes the thread that waits for its change if it has gone to sleep. */
export function ring(bell: usize, word: i32): void {
  atomic.store<i32>(bell, word);
  if (atomic.load<i32>(bell, offsetof<Bell>('sleeping'))) wake(bell);
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
