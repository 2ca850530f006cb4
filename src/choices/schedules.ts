import { checkInteger, checkNumber, checkOptions, MOST_FLOAT32, type NumberBounds } from '../support/check.js';

/** A learning rate for each step, counted from 0. */
export type Schedule = (step: number) => number;

/** A learning rate: one number, or a schedule. */
export type Rate = number | Schedule;

/** What a schedule of this file was made from, so that a saved network can be given it again. */
export interface ScheduleDefinition {
  readonly kind: 'constant' | 'stepDecay' | 'cosine' | 'warmUp';
  readonly options: Readonly<Record<string, unknown>>;
}

/** What the kernels, which take float32, can hold: an infinite rate would make NaN of a gradient of 0. */
const RATES: NumberBounds = { min: 0, max: MOST_FLOAT32 };

/** How many times `warmUp` may take a schedule of `warmUp`. */
export const MOST_NESTED = 32;

const definitions = new WeakMap<Schedule, ScheduleDefinition>();

/** How a schedule was made; `undefined` for a function of the user's own. */
export function definitionOf(schedule: Schedule): ScheduleDefinition | undefined {
  return definitions.get(schedule);
}

function define(kind: ScheduleDefinition['kind'], options: Record<string, unknown>, schedule: Schedule): Schedule {
  definitions.set(schedule, { kind, options });
  return schedule;
}

/** The same rate at every step. */
export function constant(rate: number): Schedule {
  const value = checkNumber('rate', rate, RATES);
  return define('constant', { rate: value }, () => value);
}

/** `rate`, multiplied by `factor` (default 0.1) after every `every` steps. */
export function stepDecay(options: { rate: number; every: number; factor?: number }): Schedule {
  const given = checkOptions('stepDecay', options, ['rate', 'every', 'factor']);
  const { factor: decay = 0.1 } = given;
  const rate = checkNumber('rate', given['rate'], RATES);
  const every = checkInteger('every', given['every'], 1, Number.MAX_SAFE_INTEGER);
  const factor = checkNumber('factor', decay, { min: 0 });
  return define('stepDecay', { rate, every, factor }, (step) => rate * integerPower(factor, Math.floor(step / every)));
}

/** From `from` to `to` (default 0) along half a cosine, over `steps` steps, and `to` from then on. */
export function cosine(options: { from: number; to?: number; steps: number }): Schedule {
  const given = checkOptions('cosine', options, ['from', 'to', 'steps']);
  const { to: end = 0 } = given;
  const from = checkNumber('from', given['from'], RATES);
  const to = checkNumber('to', end, RATES);
  const steps = checkInteger('steps', given['steps'], 1, Number.MAX_SAFE_INTEGER);
  return define('cosine', { from, to, steps }, (step) =>
    step >= steps ? to : to + (from - to) * (0.5 + 0.5 * cosineOfPi(step / steps)),
  );
}

/**
 * Rises evenly over `steps` steps to what `then` begins with, and goes on with `then`: a number, a schedule, or another
 * `warmUp`, up to 32 of them within each other.
 */
export function warmUp(options: { steps: number; then: Rate }): Schedule {
  const given = checkOptions('warmUp', options, ['steps', 'then']);
  const steps = checkInteger('steps', given['steps'], 1, Number.MAX_SAFE_INTEGER);
  const then = checkRate('then', given['then']);
  const after = typeof then === 'number' ? constant(then) : then;
  if (nesting(after) >= MOST_NESTED) {
    throw new RangeError(`"then" holds ${MOST_NESTED} schedules of warmUp within each other: those are the most`);
  }
  return define('warmUp', { steps, then: after }, (step) =>
    step < steps ? (after(0) * (step + 1)) / steps : after(step - steps),
  );
}

/** How many schedules of `warmUp` are within each other, this one included. */
function nesting(schedule: Schedule): number {
  const made = definitionOf(schedule);
  return made?.kind === 'warmUp' ? 1 + nesting(made.options['then'] as Schedule) : 0;
}

/** A rate as a user gives it. */
export function checkRate(name: string, value: unknown): Rate {
  if (typeof value === 'function') return value as Schedule;
  return checkNumber(name, value, RATES);
}

/** base to a whole power by squaring: only multiplications, so the same bits in every engine. */
function integerPower(base: number, exponent: number): number {
  let power = 1;
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2), square *= square) {
    if (left % 2 === 1) power *= square;
  }
  return power;
}

/** cos(pi t) for t from 0 to 1, by its Taylor series about 1/2: the engines' own differ in the last bit. */
function cosineOfPi(t: number): number {
  const x = Math.PI * (0.5 - t);
  let term = x;
  let sum = x;
  for (let n = 1; n < 12; n++) {
    term *= (-x * x) / (2 * n * (2 * n + 1));
    sum += term;
  }
  return sum;
}

/** The schedules by kind, for a saved network. Each checks what it is given. */
export const SCHEDULES: Readonly<Record<ScheduleDefinition['kind'], (options: Record<string, unknown>) => Schedule>> = {
  constant: ({ rate }) => constant(rate as number),
  stepDecay: (options) => stepDecay(options as never),
  cosine: (options) => cosine(options as never),
  warmUp: (options) => warmUp(options as never),
};
