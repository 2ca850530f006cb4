import { type StateRow, stateOf } from '../choices/optimizers.js';
import { checkRate, MOST_NESTED, type Rate, SCHEDULES } from '../choices/schedules.js';
import type { Numerics } from '../engine/variants.js';
import { SHUFFLES } from '../layers/init.js';
import { MOST_LAYERS } from '../layers/kinds.js';
import type { AverageState } from '../model/average.js';
import { checkDefinition, DEFINING, type Definition } from '../model/definition.js';
import type { Model } from '../model/model.js';
import { checkTensorForm, copyFinite, type Slot, slotsOf } from '../model/parameters.js';
import { planOf } from '../model/plan.js';
import { type Progress, writeProgress } from '../model/records.js';
import { checkInteger, checkNumber, checkOptions, describe, FileFormatError, quantity } from '../support/check.js';
import { afterString, decodeSafetensors } from './read-safetensors.js';
import { FORMAT, RAW, slotsIn, tensorName, VERSION } from './save.js';

type DecodedTensors = ReturnType<typeof decodeSafetensors>['tensors'];

/** No network's header is longer: `MOST_LAYERS` layers with every array of state, all names and sizes at their longest. */
export const MOST_HEADER = 0x200000;

/** The longest description, in characters: of a layer, and of all the rest. And how deep it nests, by its schedules. */
const LAYER_TEXT = 256;
const OTHER_TEXT = 0x4000;
const MOST_DEPTH = 8 + 2 * MOST_NESTED;

function restoreRate(value: unknown): Rate | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'object') return checkRate('rate', value);
  const { schedule, options } = checkOptions('rate', value, ['schedule', 'options']);
  const given = checkOptions('rate', options, ['rate', 'every', 'factor', 'from', 'to', 'steps', 'then']);
  if (typeof schedule !== 'string' || !Object.hasOwn(SCHEDULES, schedule)) throw new RangeError('unknown schedule');
  if ('then' in given) given['then'] = restoreRate(given['then']);
  return SCHEDULES[schedule as keyof typeof SCHEDULES](given);
}

interface SavedProgress extends Progress {
  readonly shuffles: number;
}

interface Description {
  readonly definition: Definition;
  readonly progress: SavedProgress;
  readonly average: AverageState | undefined;
}

/** What a file holds, checked whole. */
export interface Saved extends Description {
  readonly tensors: readonly SavedTensor[];
}

/** A tensor of a file, and whose it is: `array` 0 is the parameters, then come the optimizer's state and the raw weights. */
interface SavedTensor {
  readonly slot: Slot;
  readonly array: number;
  readonly values: Float32Array;
}

/** Reads a file. `rate` and `numerics`, where they are given, take the place of what it says. */
export function readSaved(bytes: Uint8Array, rate?: Rate, numerics?: Numerics): Saved {
  const { tensors, metadata } = decodeSafetensors(bytes, MOST_HEADER);
  const description = readDescription(metadata, tensors.size, rate, numerics);
  return { ...description, tensors: readArrays(description, tensors) };
}

/** Puts a new model where the saved one stood. */
export function restoreModel(model: Model, { tensors, progress, average }: Saved): void {
  const { engine, plan } = model;
  // before any view is taken: memory may grow
  if (average) model.average.restore(average);
  const state = model.state.map(({ at }) => engine.f32(at, plan.count));
  const arrays = [model.parameters, ...state, ...(average ? [model.average.raw] : [])];
  for (const { slot, array, values } of tensors) slot.write(arrays[array], values);
  const { shuffles, ...optimizer } = progress;
  writeProgress(model, optimizer);
  model.shuffles = shuffles;
}

/** What the metadata says, checked as the user's own options are. The file has `tensors` of them. */
function readDescription(
  metadata: Map<string, string>,
  tensors: number,
  rate?: Rate,
  numerics?: Numerics,
): Description {
  if (metadata.get('format') !== FORMAT) {
    throw new FileFormatError('the file holds no network of this package: its metadata has no format "chainrule"');
  }
  const version = metadata.get('version');
  if (version !== VERSION) {
    throw new FileFormatError(`the file has version ${describe(version)}: this release reads version ${VERSION}`);
  }
  const saved = invalid(() => {
    const network = parse(metadata.get('network'), tensors);
    const fields = [...DEFINING, 'progress'];
    const { progress, optimizer, average, ...rest } = checkFields('the network', network, fields, ['average']);
    const described = checkFields('optimizer', optimizer, ['name', 'rate', 'settings']);
    const own = restoreRate(described['rate']);
    return { rest, described, own, progress: readProgress(progress), average: readAverage(average) };
  });
  const chosen = rate ?? saved.own;
  if (chosen === undefined) {
    throw new TypeError('the network was saved with a learning rate function: pass it as loadNetwork(bytes, { rate })');
  }
  const definition = invalid(() => {
    const { clipNorm, ...rest } = saved.rest;
    return checkDefinition({
      ...rest,
      ...(clipNorm !== 0 && { clipNorm }),
      ...(numerics && { numerics }),
      optimizer: { ...saved.described, rate: chosen },
    });
  });
  return { definition, progress: saved.progress, average: saved.average };
}

/**
 * The description as JSON has it. `JSON.parse` builds whatever a hostile text says, until memory is gone, which no
 * program survives: so a text is first held against what describes a network with that many tensors.
 */
export function parse(text: string | undefined, tensors: number): unknown {
  if (text === undefined) throw new TypeError('its metadata has no "network"');
  const most = OTHER_TEXT + LAYER_TEXT * Math.min(tensors, MOST_LAYERS);
  if (text.length > most) {
    const found = `${quantity(text.length, 'character')} for ${quantity(tensors, 'tensor')}`;
    throw new RangeError(`"network" in its metadata has ${found}: ${most} are the most`);
  }
  if (nestsDeeper(text, MOST_DEPTH)) throw new RangeError(`"network" in its metadata nests deeper than ${MOST_DEPTH}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // engines differ in what they say of it
    throw new TypeError('"network" in its metadata is not JSON', { cause: error });
  }
}

function nestsDeeper(json: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length && depth <= most; at++) {
    const mark = json.charAt(at);
    if (mark === '"') at = afterString(json, at) - 1;
    else if (mark === '[' || mark === '{') depth++;
    else if (mark === ']' || mark === '}') depth--;
  }
  return depth > most;
}

/** As `checkOptions`, but a file leaves nothing to be filled in with a default, unless it is `optional`. */
export function checkFields(
  owner: string,
  value: unknown,
  fields: readonly string[],
  optional: readonly string[] = [],
): Record<string, unknown> {
  const given = checkOptions(owner, value ?? null, [...fields, ...optional]);
  const missing = fields.find((field) => given[field] === undefined);
  if (missing !== undefined) throw new TypeError(`${owner} has no ${describe(missing)}`);
  return given;
}

function readProgress(value: unknown): SavedProgress {
  const given = checkFields('progress', value, ['steps', 'power1', 'power2', 'shuffles']);
  return {
    steps: checkInteger('steps', given['steps'], 0, Number.MAX_SAFE_INTEGER + 1), // where a count of steps stands still
    power1: checkNumber('power1', given['power1'], { min: 0, max: 1 }),
    power2: checkNumber('power2', given['power2'], { min: 0, max: 1 }),
    shuffles: checkInteger('shuffles', given['shuffles'], 0, SHUFFLES - 1),
  };
}

function readAverage(value: unknown): AverageState | undefined {
  if (value === undefined) return undefined;
  const { count, decay } = checkFields('average', value, ['count', 'decay']);
  return {
    count: checkInteger('count', count, 1, Number.MAX_SAFE_INTEGER + 1),
    decay: decay === null ? null : checkNumber('decay', decay, { min: 0, below: 1 }),
  };
}

/** Every tensor that the network needs, of the right shape and finite. */
function readArrays({ definition, average }: Description, tensors: DecodedTensors): SavedTensor[] {
  const plan = planOf(definition);
  // some kinds have no tensors
  const depth = plan.nodes.filter((node) => node.tensors.some(({ exists }) => exists)).length;
  if (depth > tensors.size) {
    throw new FileFormatError(`the file has ${quantity(tensors.size, 'tensor')}: its ${depth} layers need more`);
  }
  const slots = slotsOf(plan);
  const anyNumber = (name: string): Pick<StateRow, 'name' | 'min'> => ({ name, min: -Infinity });
  const raw = average ? [anyNumber(RAW)] : [];
  const arrays = [anyNumber(''), ...stateOf(definition.optimizer), ...raw];
  const expected = arrays.flatMap(({ name: state, min }, array) =>
    slotsIn(slots, state).map((slot) => ({ slot, array, min, name: tensorName(slot, state) })),
  );
  const names = new Set(expected.map(({ name }) => name));
  const stranger = [...tensors.keys()].find((name) => !names.has(name));
  if (stranger !== undefined) throw new FileFormatError(`the file has a tensor ${describe(stranger)} too many`);
  return expected.map(({ slot, array, min, name }) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new FileFormatError(`the file has no tensor ${describe(name)}`);
    const form = { name, shape: slot.shape, size: slot.size, min: slot.min };
    const data = invalid(() => checkTensorForm(form, tensor));
    const values = new Float32Array(slot.size); // outside of the check: memory that is short is not the file's fault
    invalid(() => copyFinite(form, data, values));
    if (values.some((value) => value < min)) {
      throw new FileFormatError(`the file has a number below ${min} in ${describe(name)}`);
    }
    return { slot, array, values };
  });
}

/** Runs a check on what a file says; its refusal is the file's fault. */
export function invalid<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new FileFormatError(`the file describes no valid network: ${error.message}`, { cause: error });
  }
}
