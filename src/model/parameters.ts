import { type Floats, lengthOf, tagOf } from '../support/arrays.js';
import { checkOptions, describe, quantity, wrongType } from '../support/check.js';
import type { Model } from './model.js';
import type { Plan, PlannedTensor } from './plan.js';

/** A tensor of a network: its shape, and its values in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Floats;
}

/** Tensors by name: `layers.0.weight` [units, inputs], `layers.0.bias` [units], and so on, as in PyTorch. */
export type Parameters = Record<string, Tensor>;

/** What `setParameters` takes: any numbers will do, and a shape, if given, is checked. */
export type ParametersInput = Readonly<
  Record<string, { readonly shape?: readonly number[]; readonly data: ArrayLike<number> }>
>;

/** Where one tensor lies among all parameters. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** What none of its values may be below. */
  readonly min: number | undefined;
  /** Whether the optimizer changes it, and keeps a state for it. */
  readonly trained: boolean;
  /** Copies the tensor out of, and into, the kernels' array of all parameters, or of anything that lies like it. */
  read(all: Float32Array): Floats;
  write(all: Float32Array, values: ArrayLike<number>): void;
}

/** Every tensor of a network, in order. */
export function slotsOf({ nodes }: Plan): Slot[] {
  return nodes.flatMap(({ name, tensors }) =>
    tensors.filter(({ exists }) => exists).map((tensor) => slotOf(tensor, `layers.${name}.${tensor.name}`)),
  );
}

/** Values of a tensor. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, count) => product * count, 1);

function slotOf({ shape, trained, packing, at, min }: PlannedTensor, name: string): Slot {
  const size = sizeOf(shape);
  const part = (all: Float32Array): Float32Array => all.subarray(at, at + packing.floats);
  return {
    name,
    shape,
    size,
    min,
    trained,
    read(all) {
      const values = new Float32Array(size);
      packing.unpack(part(all), values);
      return values;
    },
    write: (all, values) => packing.pack(values, part(all)),
  };
}

/** Copies of the tensors of `all`: the parameters, or what lies like those that are trained, and has no others. */
export function readTensors({ plan }: Pick<Model, 'plan'>, all: Float32Array): Parameters {
  const slots = slotsOf(plan).filter(({ trained }) => trained || all.length === plan.total);
  return Object.fromEntries(slots.map((slot) => [slot.name, { shape: slot.shape, data: slot.read(all) }]));
}

/** Values for one of a network's tensors. */
export interface Filling {
  readonly slot: Slot;
  readonly values: Float32Array;
}

/** A value for every tensor that is trained, each checked: what `applyGradients` takes. */
export function checkGradients({ plan }: Model, input: unknown): Filling[] {
  // what gradients and backward return as a whole
  if (typeof input === 'object' && input !== null && Object.hasOwn(input, 'parameters')) {
    throw new TypeError('applyGradients expects tensors by name: pass the "parameters" of what it was given');
  }
  const slots = slotsOf(plan).filter(({ trained }) => trained);
  const fillings = checkTensors('applyGradients', slots, input);
  const missing = slots.find((slot) => !fillings.some((filling) => filling.slot === slot));
  if (missing) throw new TypeError(`applyGradients expects a gradient for every tensor: "${missing.name}" is missing`);
  return fillings;
}

/** Copies of the tensors that are given, every one checked. */
export function checkParameters({ plan }: Model, input: unknown): Filling[] {
  return checkTensors('setParameters', slotsOf(plan), input);
}

function checkTensors(owner: string, slots: readonly Slot[], input: unknown): Filling[] {
  const names = slots.map(({ name }) => name);
  if (typeof input !== 'object' || input === null) {
    const example = `{ "${names[0]}": { data } }`;
    throw new TypeError(`${owner} expects tensors by name, such as ${example}: got ${describe(input)}`);
  }
  const given = checkOptions(owner, input, names);
  return slots
    .filter(({ name }) => given[name] !== undefined)
    .map((slot) => ({ slot, values: checkTensor(slot, given[slot.name]) }));
}

/** Writes tensors; the network keeps what it has of the others. */
export function writeParameters(model: Model, fillings: readonly Filling[]): void {
  model.average.drop();
  fill(model.parameters, fillings);
  model.engine.kernels.forgetBounds(model.optimizerAt);
}

/** Writes tensors into an array of all parameters, or of what lies like them. */
export function fill(all: Float32Array, fillings: readonly Filling[]): void {
  for (const { slot, values } of fillings) slot.write(all, values);
}

/** The values of a tensor as float32, if they fit the slot and are finite. */
export function checkTensor(slot: SlotForm, value: unknown): Float32Array {
  const values = checkTensorForm(slot, value);
  const checked = new Float32Array(slot.size);
  copyFinite(slot, values, checked);
  return checked;
}

type SlotForm = Pick<Slot, 'name' | 'shape' | 'size' | 'min'>;

/** The values of a tensor, of which it has as many as the slot, in the same shape. */
export function checkTensorForm({ name, shape, size }: SlotForm, value: unknown): ArrayLike<unknown> {
  const expected = `[${shape.join(', ')}]`;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'data')) {
    throw wrongType(name, `{ shape: ${expected}, data }`, value);
  }
  const { data } = value as { data: unknown };
  const got = Object.hasOwn(value, 'shape') ? (value as { shape: unknown }).shape : undefined;
  if (
    got !== undefined &&
    !(Array.isArray(got) && got.length === shape.length && shape.every((n, i) => n === got[i]))
  ) {
    const text = Array.isArray(got) ? `[${got.slice(0, 8).map(describe).join(', ')}]` : describe(got);
    throw new RangeError(`"${name}" has the shape ${text}: expected ${expected}`);
  }
  const kind = tagOf(data);
  if (!Array.isArray(data) && kind === undefined) {
    throw wrongType(`${name}.data`, 'an array of numbers', data);
  }
  const numbers = data as ArrayLike<unknown>;
  const length = kind === undefined ? numbers.length : lengthOf(data);
  if (length !== size) {
    const values = quantity(length, 'value');
    throw new RangeError(`"${name}.data" has ${values}: expected ${size}, for the shape ${expected}`);
  }
  return numbers;
}

/** Copies the values of a tensor, if every one is a number that float32 can hold, and that the tensor may. */
export function copyFinite({ name, min = -Infinity }: SlotForm, values: ArrayLike<unknown>, to: Float32Array): void {
  for (let i = 0; i < to.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') throw wrongType(`${name}.data[${i}]`, 'a number', value);
    to[i] = value;
    if (!Number.isFinite(to[i])) {
      throw new RangeError(`"${name}.data[${i}]" is ${value}: expected a number that float32 can hold`);
    }
    if (to[i] < min) throw new RangeError(`"${name}.data[${i}]" is ${value}: expected ${min} at the least`);
  }
}
