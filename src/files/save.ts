import { definitionOf } from '../choices/schedules.js';
import type { Model } from '../model/model.js';
import { type Slot, slotsOf, type Tensor } from '../model/parameters.js';
import { progressOf } from '../model/records.js';
import type { Bytes } from '../support/arrays.js';
import { toJson } from './json.js';
import { encodeSafetensors } from './write-safetensors.js';

/** The value of `format` in a file's metadata, and of `version`. */
export const FORMAT = 'chainrule';
export const VERSION = '1';

/** The array of the weights that training goes on from, where their average is in their place: see `Average`. */
export const RAW = 'raw';

/** What a file calls a tensor of the network, or, with a `state`, of the optimizer. */
export function tensorName(slot: Slot, state: string): string {
  if (state === RAW) return `${RAW}.${slot.name}`;
  return state ? `optimizer.${slot.name}.${state}` : slot.name;
}

/** The tensors of which an array of the optimizer's has a state; without a `state`, all. */
export function slotsIn(slots: readonly Slot[], state: string): readonly Slot[] {
  return state ? slots.filter(({ trained }) => trained) : slots;
}

/** The model as a safetensors file; what is no tensor goes into its metadata, as JSON. */
export function saveModel(model: Model): Bytes {
  const { engine, definition, average } = model;
  const averaged = average.state;
  const network = {
    ...definition,
    inputs: definition.parts ?? definition.inputs,
    parts: undefined, // said by the inputs
    optimizer: { ...definition.optimizer, rate: describeRate(definition.optimizer.rate) },
    progress: {
      ...progressOf(model),
      shuffles: model.shuffles,
    },
    ...(averaged && { average: averaged }),
  };
  const slots = slotsOf(model.plan);
  const arrays = model.state.map(({ name, at }) => ({ name, all: engine.f32(at, model.plan.count) }));
  if (averaged) arrays.push({ name: RAW, all: average.raw });
  const tensors = [{ name: '', all: averaged ? average.shown : model.parameters }, ...arrays].flatMap(({ name, all }) =>
    slotsIn(slots, name).map((slot): [string, Tensor] => [
      tensorName(slot, name),
      { shape: slot.shape, data: slot.read(all) },
    ]),
  );
  return encodeSafetensors(tensors, { format: FORMAT, version: VERSION, network: toJson(network) });
}

/** A rate as JSON: a number, a schedule and its options, or null for a function that JSON cannot hold. */
function describeRate(rate: unknown): unknown {
  if (typeof rate !== 'function') return rate;
  const made = definitionOf(rate as (step: number) => number);
  if (!made) return null;
  const options = Object.entries(made.options).map(([name, value]): [string, unknown] => [name, describeRate(value)]);
  if (options.some(([, value]) => value === null)) return null;
  return { schedule: made.kind, options: Object.fromEntries(options) };
}
