/*
 * A worker that comes for work, takes one part of the phase that FAULTY_PHASE names, and dies, or hangs with FAULTY_HANG.
 * It knows the records of `assembly/abi/team.ts`: a team's phase is its second word; behind the team's 128 bytes, each
 * thread has as many for its desk, which begins with its share of a job, and for its report, whose third word says that
 * it may have a part in hand.
 */
import { env, exit } from 'node:process';
import { parentPort } from 'node:worker_threads';

const phase = Number(env['FAULTY_PHASE']);

parentPort.on('message', ({ memory, team, index }) => {
  parentPort.postMessage({ ready: true });
  const words = new Int32Array(memory.buffer);
  const shares = new BigUint64Array(memory.buffer);
  const desk = team + 128 * (1 + 2 * index);
  const busy = (desk + 128) / 4 + 2;
  for (;;) {
    const share = Atomics.load(shares, desk / 8);
    // what is read behind the share is true of its job if the share can still be claimed
    const range = Atomics.load(words, desk / 4);
    if (Atomics.load(words, team / 4 + 1) !== phase || range >> 16 === (range & 0xffff)) continue;
    Atomics.store(words, busy, 1);
    if (Atomics.compareExchange(shares, desk / 8, share, share + 1n) === share) break;
    Atomics.store(words, busy, 0);
  }
  if (env['FAULTY_HANG']) for (;;);
  exit();
});
