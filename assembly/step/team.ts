import { Desk, deskOf, Report, reportOf, Team } from '../abi/team';
import { awaitBell, Bell, IDLE_SPINS, ring, SPINS } from './barrier';
import { Network } from '../abi/network';
import { share } from './share';
import { runJobPart } from './copies';
import { takePlace } from './rows';

/*
 * Threads that share the parts of a phase. One leads: it posts a job, takes parts like the others, and goes on when
 * all are done. Each thread begins with its own share of the parts, the same in every step, so that its weights stay
 * in its cache; one that is through takes what others have not begun. So nobody waits for a thread that the system
 * keeps from running, unless it has a part in hand.
 *
 * A part is claimed by raising a counter that carries the number of its job, so that a thread that comes late finds
 * the job closed. The order of parts leaves no trace in the results: see phases.ts.
 */

/**
 * How long the leader waits for the next part to be done, once it sleeps: 200 times 10 ms, which it counts, so that a
 * process that was stopped has not waited; and 10 ms more for each so many flops of a part, which slow machines take.
 */
const WAITS: i32 = 200;
const WAIT: f64 = 10;
const WAIT_FLOPS: f64 = 2e6;

/** What a thread of the team does for as long as it lives. */
export function serve(at: usize, index: i32): void {
  const desk = deskOf(at, index),
    report = reportOf(at, index),
    door = at + offsetof<Team>('bell');
  takePlace(index);
  for (let job = 0; ;) {
    awaitBell(desk + offsetof<Desk>('bell'), job, Infinity, IDLE_SPINS);
    atomic.store<i32>(desk + offsetof<Desk>('bell'), 0, offsetof<Bell>('sleeping'));
    const posted = atomic.load<i32>(desk + offsetof<Desk>('bell'));
    if (posted == job) continue;
    job = posted;
    atomic.store<i32>(report + offsetof<Report>('busy'), 1);
    takeParts(at, index, job);
    atomic.store<i32>(report + offsetof<Report>('busy'), 0);
    if (atomic.load<i32>(door, offsetof<Bell>('sleeping'))) ring(door, atomic.load<i32>(door) + 1);
  }
}

/** Runs a slice in `parts` parts, with `crew` threads. False when a thread did not come back with its part. */
export function runTogether(
  network: Network,
  phase: i32,
  slice: i32,
  slices: i32,
  parts: i32,
  crew: i32,
  cost: f64,
): bool {
  const at = network.team,
    team = changetype<Team>(at),
    job = team.job + 1;
  team.network = changetype<usize>(network);
  team.phase = phase;
  team.slice = slice;
  team.slices = slices;
  team.parts = parts;
  team.crew = crew;
  team.job = job;
  for (let i = 0; i < crew; i++) {
    const range = ((<u64>share(parts, i + 1, crew)) << 16) | (<u64>share(parts, i, crew));
    atomic.store<u64>(deskOf(at, i) + offsetof<Desk>('share'), tagged(job, range));
  }
  for (let i = 1; i < crew; i++) ring(deskOf(at, i) + offsetof<Desk>('bell'), job);
  takeParts(at, 0, job);
  return awaitParts(at, job, parts, crew, WAITS + <i32>(cost / (WAIT_FLOPS * parts)));
}

/** Takes parts of the job until none is left: those of its own share first. */
function takeParts(at: usize, index: i32, job: i32): void {
  const team = changetype<Team>(at),
    crew = team.crew;
  let made = 0;
  for (let i = 0; i < crew; i++) {
    const victim = index + i < crew ? index + i : index + i - crew;
    const desk = deskOf(at, victim) + offsetof<Desk>('share');
    for (let part = claim(desk, job); part >= 0; part = claim(desk, job)) {
      // the job is open for as long as this part of it is, so what it says is read now
      const parts = team.parts;
      runJobPart(changetype<Network>(team.network), team.phase, team.slice * parts + part, team.slices * parts);
      made++;
    }
  }
  atomic.store<u64>(reportOf(at, index) + offsetof<Report>('made'), tagged(job, made));
}

/** The next part of a share of the job; -1 when it has no more, or the job is another by now. */
function claim(desk: usize, job: i32): i32 {
  let held = atomic.load<u64>(desk);
  while (<i32>(held >> 32) == job) {
    const next = <i32>(held & 0xffff);
    if (next == <i32>((held >> 16) & 0xffff)) return -1;
    const found = atomic.cmpxchg<u64>(desk, held, held + 1);
    if (found == held) return next;
    held = found;
  }
  return -1;
}

/** Waits until every part is done. False when none is for `waits` waits. */
function awaitParts(at: usize, job: i32, parts: i32, crew: i32, waits: i32): bool {
  for (let spin = 0; spin < SPINS; spin++) if (partsMade(at, job, crew) == parts) return true;
  const bell = at + offsetof<Team>('bell');
  // before it looks again: whoever comes back after that rings
  atomic.store<i32>(bell, 1, offsetof<Bell>('sleeping'));
  let wait = 0,
    made = 0;
  for (; wait < waits; wait++) {
    const seen = atomic.load<i32>(bell),
      now = partsMade(at, job, crew);
    if (now == parts) break;
    if (now > made) wait = 0;
    made = now;
    awaitBell(bell, seen, WAIT, SPINS);
  }
  atomic.store<i32>(bell, 0, offsetof<Bell>('sleeping'));
  changetype<Team>(at).stalled = wait == waits ? 1 : 0;
  return wait < waits;
}

function partsMade(at: usize, job: i32, crew: i32): i32 {
  let sum = 0;
  for (let i = 0; i < crew; i++) {
    const made = atomic.load<u64>(reportOf(at, i) + offsetof<Report>('made'));
    if (<i32>(made >> 32) == job) sum += <i32>made;
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function tagged(job: i32, value: u64): u64 {
  return ((<u64>(<u32>job)) << 32) | value;
}
