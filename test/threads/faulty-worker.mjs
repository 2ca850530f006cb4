/*
 * A worker that comes for work, takes one part of the phase that its address names, and dies or hangs with it. It knows
 * the records of `assembly/team.ts`: a team's phase is its second word; the desk of a thread, 128 bytes each behind the
 * team's, begins with its share of a job, and its seventh word says that it may have a part in hand.
 */
import { parentPort } from 'node:worker_threads';

const query = new URL(import.meta.url).searchParams;
const phase = Number(query.get('phase'));

parentPort.on('message', ({ memory, team, index }) => {
  parentPort.postMessage({ ready: true });
  const words = new Int32Array(memory.buffer);
  const shares = new BigUint64Array(memory.buffer);
  const desk = team + 128 * (1 + index);
  for (;;) {
    const share = Atomics.load(shares, desk / 8);
    // what is read behind the share is true of its job if the share can still be claimed
    if (Atomics.load(words, team / 4 + 1) !== phase || ((share >> 16n) & 0xffffn) === (share & 0xffffn)) continue;
    Atomics.store(words, desk / 4 + 6, 1);
    if (Atomics.compareExchange(shares, desk / 8, share, share + 1n) === share) break;
    Atomics.store(words, desk / 4 + 6, 0);
  }
  if (query.has('hang')) for (;;);
  process.exit();
});
