import {
  bare,
  checkBoolean,
  checkNumber,
  checkOneOf,
  checkOptions,
  MOST_FLOAT32,
  type NumberBounds,
  wrongType,
} from '../support/check.js';
import { OPTIMIZER } from '../engine/records.generated.js';
import { checkRate, type Rate } from './schedules.js';

/** What weight decay reaches: every parameter, or the weights alone. */
export type Decay = (typeof DECAYS)[number];

const DECAYS = ['all', 'weights'] as const;

/** What every optimizer's options say about weight decay. */
export interface DecayOptions {
  /** Default `all`, as in PyTorch. `weights` spares biases, and the scales and shifts of norms. */
  decay?: Decay;
}

/** Options of `sgd`. */
export interface SgdOptions extends DecayOptions {
  /** Default 1e-3. */
  rate?: Rate;
  /** Default 0: no momentum. */
  momentum?: number;
  /** Default 0. How much of the gradient the momentum leaves out. */
  dampening?: number;
  /** Default false. Needs momentum, and no dampening. */
  nesterov?: boolean;
  /** Default 0. Added to the gradients as weightDecay * w, of biases too where `decay` is `all`. */
  weightDecay?: number;
}

/** Options of `adam` and `adamW`. */
export interface AdamOptions extends DecayOptions {
  /** Default 1e-3. */
  rate?: Rate;
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
  /** Default 0 for `adam`, where it joins the gradients; 0.01 for `adamW`, where it shrinks the weights by itself. */
  weightDecay?: number;
  /** Default false. Divide by the largest second moment seen so far. */
  amsgrad?: boolean;
}

/** Options of `rmsProp`. */
export interface RmsPropOptions extends DecayOptions {
  /** Default 1e-2. */
  rate?: Rate;
  /** Default 0.99. */
  alpha?: number;
  /** Default 1e-8. */
  epsilon?: number;
  /** Default 0: no momentum. */
  momentum?: number;
  /** Default false. Subtract the square of the mean gradient from the mean square. */
  centered?: boolean;
  /** Default 0. */
  weightDecay?: number;
}

/** Options of `adagrad`. */
export interface AdagradOptions extends DecayOptions {
  /** Default 1e-2. */
  rate?: Rate;
  /** Default 0. */
  rateDecay?: number;
  /** Default 1e-10. */
  epsilon?: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default 0. */
  initialAccumulator?: number;
}

const POSITIVE: NumberBounds = { min: 0, max: MOST_FLOAT32 };
const SHARE: NumberBounds = { min: 0, below: 1 };
/** Small enough for any use, and still a positive float32: 0 / (0 + epsilon) must stay 0. */
const DIVISOR: NumberBounds = { min: 1e-37, max: MOST_FLOAT32 };

const ADAM = { beta1: [0.9, SHARE], beta2: [0.999, SHARE, 'squareDecay'], epsilon: [1e-8, DIVISOR] } as const;

/** A field of the kernels' record. */
type Field = keyof typeof OPTIMIZER.fields;

/** What an optimizer is, beside its formulas. */
interface OptimizerEntry {
  /** The kernels' number for it: `assembly/optimizers`, which has the formulas. */
  readonly code: number;
  readonly rate: number;
  /** Its numbers: default and bounds, and what the kernels' record calls it where that is another name. */
  readonly numbers: Readonly<Record<string, readonly [initial: number, bounds: NumberBounds, field?: Field]>>;
  readonly switches: readonly string[];
  /** The arrays of state that it keeps. */
  readonly state: (settings: Settings) => readonly StateRow[];
}

/** An array of an optimizer's state, as long as the parameters. */
export interface StateRow {
  /** What a saved file calls it. */
  readonly name: string;
  /** Where the kernels' record has it. */
  readonly field: Field;
  /** The least that a file may hold. */
  readonly min: number;
  /** What it begins with. */
  readonly initial: number;
}

function row(name: string, field: StateRow['field'], min = -Infinity, initial = 0): StateRow {
  return { name, field, min, initial };
}

/** Every optimizer, in one table. PyTorch's formulas and defaults. */
export const OPTIMIZERS = bare({
  sgd: {
    code: 0,
    rate: 1e-3,
    numbers: { momentum: [0, SHARE], dampening: [0, SHARE], weightDecay: [0, POSITIVE] },
    switches: ['nesterov'],
    state: ({ momentum }) => (momentum ? [row('momentum', 'velocity')] : []),
  },
  adam: {
    code: 1,
    rate: 1e-3,
    numbers: { ...ADAM, weightDecay: [0, POSITIVE] },
    switches: ['amsgrad'],
    state: adamState,
  },
  adamW: {
    code: 2,
    rate: 1e-3,
    numbers: { ...ADAM, weightDecay: [1e-2, POSITIVE] },
    switches: ['amsgrad'],
    state: adamState,
  },
  rmsProp: {
    code: 3,
    rate: 1e-2,
    numbers: {
      alpha: [0.99, SHARE, 'squareDecay'],
      epsilon: [1e-8, DIVISOR],
      momentum: [0, SHARE],
      weightDecay: [0, POSITIVE],
    },
    switches: ['centered'],
    state: ({ momentum, centered }) => [
      ...(momentum ? [row('momentum', 'velocity')] : []),
      row('squareAverage', 'squares', 0),
      ...(centered ? [row('average', 'centre')] : []),
    ],
  },
  adagrad: {
    code: 4,
    rate: 1e-2,
    numbers: {
      rateDecay: [0, POSITIVE],
      epsilon: [1e-10, DIVISOR],
      weightDecay: [0, POSITIVE],
      initialAccumulator: [0, POSITIVE],
    },
    switches: [],
    state: ({ initialAccumulator }) => [row('squareSum', 'squares', 0, Number(initialAccumulator))],
  },
} as const satisfies Record<string, OptimizerEntry>);

/** The name of an optimizer. */
export type OptimizerName = keyof typeof OPTIMIZERS;

type Settings = Readonly<Record<string, number | boolean | string>>;

/** An optimizer with its settings, as `sgd`, `adam`, `adamW`, `rmsProp` and `adagrad` make it. */
export interface Optimizer {
  readonly name: OptimizerName;
  readonly rate: Rate;
  /** Every other option, defaults filled in. */
  readonly settings: Settings;
}

function adamState({ amsgrad }: Settings): readonly StateRow[] {
  const largest = amsgrad ? [row('largestSquareAverage', 'largestSquares', 0)] : [];
  return [row('average', 'velocity'), row('squareAverage', 'squares', 0), ...largest];
}

/** Stochastic gradient descent, with momentum if asked for. `torch.optim.SGD`. */
export function sgd(options?: SgdOptions): Optimizer {
  return makeOptimizer('sgd', options);
}

/** Kingma and Ba 2014. `torch.optim.Adam`. */
export function adam(options?: AdamOptions): Optimizer {
  return makeOptimizer('adam', options);
}

/** Adam with decoupled weight decay, Loshchilov and Hutter 2017. `torch.optim.AdamW`. */
export function adamW(options?: AdamOptions): Optimizer {
  return makeOptimizer('adamW', options);
}

/** Hinton's RMSprop. `torch.optim.RMSprop`. */
export function rmsProp(options?: RmsPropOptions): Optimizer {
  return makeOptimizer('rmsProp', options);
}

/** Duchi, Hazan and Singer 2011. `torch.optim.Adagrad`. */
export function adagrad(options?: AdagradOptions): Optimizer {
  return makeOptimizer('adagrad', options);
}

function makeOptimizer(name: OptimizerName, options: unknown): Optimizer {
  const entry: OptimizerEntry = OPTIMIZERS[name];
  const numbers = Object.entries(entry.numbers);
  const given = checkOptions(name, options, ['rate', ...settingNames(name)]);
  const settings: Record<string, number | boolean | string> = bare({});
  for (const [option, [initial, bounds]] of numbers) {
    settings[option] = checkNumber(option, given[option] === undefined ? initial : given[option], bounds);
  }
  for (const option of entry.switches)
    settings[option] = given[option] === undefined ? false : checkBoolean(option, given[option]);
  settings['decay'] = given['decay'] === undefined ? 'all' : checkOneOf('decay', given['decay'], DECAYS);
  if (settings['nesterov'] && (!settings['momentum'] || settings['dampening'])) {
    throw new RangeError('"nesterov" needs a "momentum" above 0 and a "dampening" of 0');
  }
  return { name, rate: given['rate'] === undefined ? entry.rate : checkRate('rate', given['rate']), settings };
}

/** Every option of an optimizer but its rate. */
function settingNames(name: OptimizerName): string[] {
  const { numbers, switches }: OptimizerEntry = OPTIMIZERS[name];
  return [...Object.keys(numbers), ...switches, 'decay'];
}

/** The optimizer of `createNetwork`, checked as if its function had just made it; `adam()` when none is given. */
export function checkOptimizer(value: unknown): Optimizer {
  if (value === undefined) return adam();
  if (typeof value !== 'object' || value === null) {
    throw wrongType('optimizer', 'an optimizer, such as adam({ rate: 1e-3 })', value);
  }
  const { name, rate, settings } = checkOptions('"optimizer"', value, ['name', 'rate', 'settings']);
  const known = checkOneOf('optimizer.name', name, Object.keys(OPTIMIZERS)) as OptimizerName;
  return makeOptimizer(known, { ...checkOptions('"optimizer.settings"', settings, settingNames(known)), rate });
}

/** The arrays of state that an optimizer keeps. */
export function stateOf({ name, settings }: Optimizer): readonly StateRow[] {
  return OPTIMIZERS[name].state(settings);
}

/** An optimizer's settings, as the kernels' record takes them; one that it has not is 0 there. */
export function settingsOf({ name, settings }: Optimizer): Partial<Record<Field, number>> {
  const { numbers }: OptimizerEntry = OPTIMIZERS[name];
  const own = Object.entries(settings).map(
    ([option, value]) => [numbers[option]?.[2] ?? option, Number(value)] as const,
  );
  return Object.fromEntries(own.filter(([field]) => Object.hasOwn(OPTIMIZER.fields, field)));
}
