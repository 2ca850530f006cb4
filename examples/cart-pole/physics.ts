/*
 * A pole on a cart that is pushed left or right, in steps of 20 ms: the equations of Barto, Sutton and Anderson, "Neuronlike
 * adaptive elements that can solve difficult learning control problems" (1983), with the numbers of CartPole-v0.
 */

/** Place and speed of the cart (m, m/s), angle and angular speed of the pole (rad, rad/s). */
export type State = readonly [place: number, speed: number, angle: number, turning: number];

/** One push: the state before and after it, and whether the episode has failed with it. */
export interface Step {
  readonly state: State;
  readonly action: number;
  readonly next: State;
  readonly over: boolean;
}

/** Pushes of an episode that nothing has ended. */
export const MOST_PUSHES = 200;

const [GRAVITY, CART, POLE, HALF_LENGTH, FORCE, SECONDS] = [9.8, 1, 0.1, 0.5, 10, 0.02];

/** What a push to the left (0) or to the right (1) makes of a state. */
function push([place, speed, angle, turning]: State, action: number): State {
  const [sine, cosine, mass] = [Math.sin(angle), Math.cos(angle), CART + POLE];
  const force = (action ? FORCE : -FORCE) + POLE * HALF_LENGTH * turning * turning * sine;
  const bending =
    (GRAVITY * sine - (cosine * force) / mass) / (HALF_LENGTH * (4 / 3 - (POLE * cosine * cosine) / mass));
  const gaining = (force - POLE * HALF_LENGTH * bending * cosine) / mass;
  return [place + SECONDS * speed, speed + SECONDS * gaining, angle + SECONDS * turning, turning + SECONDS * bending];
}

/** True once the cart has left its track, or the pole has fallen by more than 12 degrees. */
function hasFailed([place, , angle]: State): boolean {
  return Math.abs(place) > 2.4 || Math.abs(angle) > Math.PI / 15;
}

/** Plays an episode by the pushes that `choose` makes, tells `learn` of each, and returns how many the pole stood. */
export function play(random: () => number, choose: (state: State) => number, learn?: (step: Step) => void): number {
  let state = [random(), random(), random(), random()].map((share) => 0.1 * share - 0.05) as unknown as State;
  for (let pushes = 1; ; pushes++) {
    const action = choose(state);
    const next = push(state, action);
    const over = hasFailed(next);
    learn?.({ state, action, next, over });
    if (over || pushes === MOST_PUSHES) return pushes;
    state = next;
  }
}

/** Numbers from 0 to 1, the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), seed | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
