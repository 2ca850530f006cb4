import { Network } from './records';

/** Says which threads share the network's work from the next call on: `crew` of `team`, or 1 and 0 for the caller alone. */
export function setCrew(at: usize, team: usize, crew: i32): void {
  const network = changetype<Network>(at);
  network.team = team;
  network.crew = crew;
}
