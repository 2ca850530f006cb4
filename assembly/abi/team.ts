import { Network } from './network';

/** What a thread is told. It has cache lines of its own, since the leader polls what the thread tells. */
@unmanaged
export class Desk {
  /** Its share of the job: the job's number, the end of the share (16 bits), the next part of it (16 bits). */
  share: u64;
  /** A `Bell`: the number of the latest job posted to this thread. */
  bell: u64;
}

/** What a thread tells. */
@unmanaged
export class Report {
  /** The job's number, and how many parts this thread has done of it. */
  made: u64;
  /** 1 while it may have a part in hand. */
  busy: i32;
}

/** A job: parts `slice * parts` to `slice * parts + parts` - 1 of `slices * parts` of a phase, for `crew` threads. */
@unmanaged
export class Team {
  network: usize;
  phase: i32;
  slice: i32;
  slices: i32;
  parts: i32;
  crew: i32;
  job: i32;
  /** A `Bell` for the leader: how often a thread came back while it slept. */
  bell: u64;
  /** How many passes have begun whose rows each thread copies for itself. */
  passes: i32;
  /** 1 once a thread did not come back with its part: the host has to see to it. */
  stalled: i32;
}

/** Bytes of a team's own record, of a desk and of a report: a cache line, and the one that is fetched with it. */
const LINE: usize = 128;

// @ts-ignore: decorator
@inline
export function deskOf(team: usize, index: i32): usize {
  return team + LINE + <usize>index * (2 * LINE);
}

// @ts-ignore: decorator
@inline
export function reportOf(team: usize, index: i32): usize {
  return deskOf(team, index) + LINE;
}

/** Bytes of the record of a team, which the host sets to 0. */
export function teamBytes(threads: i32): i32 {
  return <i32>(LINE + <usize>threads * (2 * LINE));
}

/**
 * 1 when the last call ended before its time, because a thread did not come back; the next begins with a clean slate.
 */
export function takeStall(at: usize): i32 {
  const team = changetype<Team>(at),
    stalled = team.stalled;
  team.stalled = 0;
  return stalled;
}

/** 1 while thread `index` may have a part in hand: after a stall, one that did not come back. */
export function isBusy(at: usize, index: i32): i32 {
  return atomic.load<i32>(reportOf(at, index) + offsetof<Report>('busy'));
}

/**
 * Says which threads share the network's work from the next call on: `crew` of `team`, or 1 and 0 for the caller alone.
 */
export function setCrew(at: usize, team: usize, crew: i32): void {
  const network = changetype<Network>(at);
  network.team = team;
  network.crew = crew;
}
