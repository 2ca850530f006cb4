/** The whole setting as the part of an address after `#`, and back. What can't be used is named, never guessed at. */
import type { ActivationName, LossName, OptimizerName } from 'chainrule';
import { defaultSetting } from './defaults.js';
import { initialOptions, OPTIMIZER_NAMES, OPTIMIZERS } from './optimizers.js';
import {
  DATA_NAMES,
  HIDDEN_ACTIVATIONS,
  INIT_NAMES,
  MOST_LAYERS,
  MOST_NEURONS,
  MOST_SEED,
  TARGET_KINDS,
  type Focus,
  type LayerSetting,
  type Setting,
} from './setting.js';
import { LIVE_KEYS, MOST_STAGES, readStage, writeStage, type Stage } from './stages.js';
import { lossesFor, outputsFor, TASKS, type Task } from './tasks.js';
import { LESSON_SCENES, SCOPES, SHOWS, type Scope, type Shows } from './view.js';

/** What an address holds. */
export interface Address {
  readonly setting: Setting;
  /** How many steps to train before the page is shown. */
  readonly steps: number;
  /** What held on the way there; the setting tells what held from the last of them on. */
  readonly stages: readonly Stage[];
  /** Undefined when the address names neither example nor weight: the page finds one worth looking at. */
  readonly focus: Focus | undefined;
  readonly scope: Scope;
  readonly shows: Shows;
  /** The scene of the lesson, from 1; undefined outside of it. */
  readonly lesson?: number | undefined;
  /** The seed of the exercise. */
  readonly exercise?: number | undefined;
}

/** The bounds of the numbers that a person can type. */
export const NUMBERS = {
  noise: { min: 0, max: 0.5 },
  testShare: { min: 10, max: 90 },
  rate: { min: 0, max: 1e6 },
  batchSize: { min: 1, max: 2500, whole: true },
  weightDecay: { min: 0, max: 10 },
  clipNorm: { min: 0, max: 1e6 },
  seed: { min: 0, max: MOST_SEED, whole: true },
  dataSeed: { min: 0, max: MOST_SEED, whole: true },
} as const satisfies Partial<Record<keyof Setting, Bounds>>;

export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

export const FIRST_FOCUS: Focus = { example: 0, layer: 0, j: 0, k: 0 };

/** The most steps that an address may ask for: some minutes on a slow machine. */
const MOST_STEPS = 5_000_000;

/** `number` if it lies within the bounds. */
export function within(number: number, { min, max, whole = false }: Bounds): boolean {
  return number >= min && number <= max && (!whole || Number.isInteger(number));
}

export function writeAddress({ setting, steps, stages, focus, scope, shows, lesson, exercise }: Address): string {
  const { csv, layers, options } = setting;
  const entries: [string, string | number | boolean][] = [
    ['data', setting.data],
    ...(setting.data === 'csv'
      ? ([
          ['file', csv.file],
          ['target', csv.target],
          ...(csv.as ? [['as', csv.as]] : []),
          ...csv.ignored.map((column) => ['ignore', column]),
        ] as [string, string][])
      : []),
    ['noise', setting.noise],
    ['testShare', setting.testShare],
    ['dataSeed', setting.dataSeed],
    ['layers', layers.map(({ units, activation }) => `${units}-${activation}`).join('.')],
    ['output', setting.output],
    ['loss', setting.loss],
    ['init', setting.init],
    ['optimizer', setting.optimizer],
    ['rate', setting.rate],
    ...Object.entries(options),
    ['batchSize', setting.batchSize],
    ['weightDecay', setting.weightDecay],
    ['clipNorm', setting.clipNorm],
    ['seed', setting.seed],
    ['steps', steps],
    ...stages.map((stage): [string, string] => ['past', writeStage(stage)]),
    ...(focus
      ? ([
          ['example', focus.example],
          ['weight', `${focus.layer}-${focus.j}-${focus.k}`],
        ] as [string, string | number][])
      : []),
    ['scope', scope],
    ['shows', shows],
    ...Object.entries({ lesson, exercise }).filter((entry): entry is [string, number] => entry[1] !== undefined),
  ];
  return new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
}

/** Reads an address. `problems` says, in sentences, what could not be used and what stands in its place. */
export function readAddress(hash: string): Address & { readonly problems: readonly string[] } {
  const reader = new Reader(new URLSearchParams(hash.replace(/^#/, '')));
  const data = reader.oneOf('data', DATA_NAMES, 'circle');
  const { get, all } = reader;
  const as = TARGET_KINDS.find((kind) => kind === get('as'));
  const csv = { file: get('file') ?? '', target: get('target') ?? '', ...(as && { as }), ignored: all('ignore') };
  // what the target of a file is can't be known before the file is; the output tells
  const task = data === 'csv' ? taskOf(get('output'), get('loss')) : TASKS[data];
  const initial = defaultSetting(data, task);
  const output = reader.oneOf<ActivationName>('output', outputsFor(task), initial.output);
  const optimizer = reader.oneOf<OptimizerName>('optimizer', OPTIMIZER_NAMES, initial.optimizer);
  const number = (name: keyof typeof NUMBERS): number => reader.number(name, NUMBERS[name], initial[name]);
  const setting: Setting = {
    ...{ data, csv, output, optimizer },
    layers: reader.layers(initial.layers),
    loss: reader.oneOf<LossName>('loss', lossesFor(task, output), lossesFor(task, output)[0]),
    init: reader.oneOf('init', INIT_NAMES, initial.init),
    options: reader.options(optimizer),
    noise: number('noise'),
    testShare: number('testShare'),
    dataSeed: number('dataSeed'),
    rate: number('rate'),
    batchSize: number('batchSize'),
    weightDecay: number('weightDecay'),
    clipNorm: number('clipNorm'),
    seed: number('seed'),
  };
  const steps = reader.number('steps', { min: 0, max: MOST_STEPS, whole: true }, 0);
  const stages = reader.stages(steps);
  const scope = reader.oneOf('scope', SCOPES, 'example');
  const shows = reader.oneOf('shows', SHOWS, 'weights');
  const lesson = reader.optional('lesson', { min: 1, max: LESSON_SCENES, whole: true });
  const exercise = reader.optional('exercise', { min: 1, max: 1e6, whole: true });
  const focus = reader.focus();
  return { setting, steps, stages, focus, scope, shows, lesson, exercise, problems: reader.problems };
}

function taskOf(output: string | undefined, loss: string | undefined): Task {
  if (output === 'softmax' || loss === 'crossEntropy') return 'classes';
  return output === 'sigmoid' || loss === 'binaryCrossEntropy' ? 'binary' : 'regression';
}

/** Takes the values of an address one by one, and notes what is wrong with them. */
class Reader {
  readonly problems: string[] = [];
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams) {
    this.#values = values;
  }

  readonly get = (name: string): string | undefined => this.#values.get(name) ?? undefined;

  readonly all = (name: string): string[] => this.#values.getAll(name);

  oneOf<T extends string>(name: string, known: readonly T[], initial: T): T {
    const text = this.get(name);
    if (text === undefined) return initial;
    const found = known.find((value) => value === text);
    return found ?? this.#refuse(name, text, `one of ${known.join(', ')}`, initial);
  }

  number(name: string, bounds: Bounds, initial: number): number {
    const text = this.get(name);
    if (text === undefined) return initial;
    const number = text.trim() === '' ? NaN : Number(text);
    const kind = bounds.whole ? 'a whole number' : 'a number';
    if (within(number, bounds)) return number;
    return this.#refuse(name, text, `${kind} from ${bounds.min} to ${bounds.max}`, initial);
  }

  optional(name: string, bounds: Bounds): number | undefined {
    return this.get(name) === undefined ? undefined : this.number(name, bounds, bounds.min);
  }

  layers(initial: readonly LayerSetting[]): readonly LayerSetting[] {
    const text = this.get('layers');
    if (text === undefined) return initial;
    const layers = text === '' ? [] : text.split('.').map(readLayer);
    const expected = `up to ${MOST_LAYERS} layers of up to ${MOST_NEURONS} neurons, such as 8-tanh.4-relu`;
    if (layers.length <= MOST_LAYERS && layers.every((layer) => layer !== undefined)) return layers;
    return this.#refuse('layers', text, expected, initial);
  }

  options(optimizer: OptimizerName): Record<string, number | boolean> {
    const options = initialOptions(optimizer);
    for (const [name, field] of Object.entries(OPTIMIZERS[optimizer].fields)) {
      if (field.kind === 'switch') options[name] = this.oneOf(name, ['true', 'false'], 'false') === 'true';
      else options[name] = this.number(name, { min: field.min, max: field.below - field.step / 100 }, field.initial);
    }
    return options;
  }

  /** In order, each after the one before, the last no later than the step that the address leads to. */
  stages(steps: number): readonly Stage[] {
    const texts = this.all('past');
    const stages = texts.map(readStage).filter((stage) => stage !== undefined);
    const fit = stages.every(
      (stage, at) =>
        within(stage.until, { min: (stages[at - 1]?.until ?? 0) + 1, max: steps, whole: true }) &&
        LIVE_KEYS.every((key) => within(stage[key], NUMBERS[key])),
    );
    if (fit && stages.length === texts.length && texts.length <= MOST_STAGES) return stages;
    const expected = 'steps, rate, weight decay and clipping of what held before, such as 350_0.003_0_0';
    return this.#refuse('past', texts.join(', '), expected, []);
  }

  /** Whether the place exists in the network is for the page to see: it knows the data. */
  focus(): Focus | undefined {
    if (this.get('example') === undefined && this.get('weight') === undefined) return undefined;
    const example = this.number('example', { min: 0, max: 1e6, whole: true }, 0);
    const place = (this.get('weight') ?? '').split('-').map(Number);
    if (place.length !== 3 || !place.every((index) => Number.isInteger(index) && index >= 0)) {
      return { ...FIRST_FOCUS, example };
    }
    const [layer, j, k] = place;
    return { example, layer, j, k };
  }

  #refuse<T>(name: string, text: string, expected: string, initial: T): T {
    const instead = Array.isArray(initial)
      ? initial.length === 0
        ? 'none is'
        : 'the usual ones are'
      : `${String(initial)} is`;
    this.problems.push(`The address has ${name}=${text.slice(0, 40)}: expected ${expected}; ${instead} used instead.`);
    return initial;
  }
}

function readLayer(text: string): LayerSetting | undefined {
  const [count, name] = text.split('-');
  const units = Number(count);
  const activation = HIDDEN_ACTIVATIONS.find((known) => known === name);
  return activation !== undefined && within(units, { min: 1, max: MOST_NEURONS, whole: true })
    ? { units, activation }
    : undefined;
}
