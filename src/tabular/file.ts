import { FileFormatError } from '../index.js';
import { toJson } from '../files/json.js';
import { decodeSafetensors } from '../files/read-safetensors.js';
import { encodeSafetensors, type Tensor } from '../files/write-safetensors.js';
import { checkInteger, checkNumber, checkOneOf, checkOptions, describe, wrongType } from '../support/check.js';
import { Features } from './features.js';
import { checkTaken } from './kinds/kinds.js';
import { makeNetwork } from './networks.js';
import { type Learnt, type Predictor, purposeOf } from './predictor.js';
import type { Recipe } from './recipe.js';
import type { Label, Target } from './target.js';

/** The version of the files; one that is newer is refused by its number. */
const VERSION = 1;
const KEY = 'chainrule.tabular';
/** Beyond that no table has as many names and categories. */
const MOST_HEADER = 32_000_000;
const MOST_COLUMNS = 10_000;
const MOST_NETWORKS = 100;
const MOST_UNITS = 4096;

/** The bytes of a model: the tensors of network i under `i.`, and all else as JSON in the metadata. */
export function writeModel({ target, columns, recipe, seed, networks }: Predictor): Uint8Array<ArrayBuffer> {
  const saved = columns.map(({ name, kind, state }) => ({ name, kind, state }));
  const metadata = {
    [KEY]: toJson({
      version: VERSION,
      target,
      columns: saved,
      recipe,
      seed,
      networks: networks.length,
    }),
  };
  const tensors: [string, Tensor][] = networks.flatMap((net, i) =>
    Object.entries(net.getParameters()).map(([name, tensor]): [string, Tensor] => [`${i}.${name}`, tensor]),
  );
  if (metadata[KEY].length > MOST_HEADER / 4) {
    const most = columns.reduce((a, b) => (JSON.stringify(b.state).length > JSON.stringify(a.state).length ? b : a));
    throw new RangeError(`the columns' categories are too much for a file: leave out column ${describe(most.name)}`);
  }
  return encodeSafetensors(tensors, metadata);
}

/**
 * The predictor in a file, which may come from anywhere.
 *
 * @throws FileFormatError for what is no model of a table, or a damaged one
 */
export async function readModel(bytes: Uint8Array | ArrayBuffer): Promise<Predictor> {
  const { tensors, metadata } = refused(() => decodeSafetensors(bytes, MOST_HEADER));
  const text = metadata.get(KEY);
  if (text === undefined) {
    const other = metadata.get('format') === 'chainrule' ? ': it is a network, for loadNetwork' : '';
    throw new FileFormatError(`the file is no model of a table${other}`);
  }
  const described = refused(() => checkDescription(JSON.parse(text)));
  const features = refused(() => new Features(described.columns));
  if (features.places.length === 0) throw new FileFormatError('the file describes no valid model: it has no columns');
  const parameters = Array.from({ length: described.count }, () => new Map<string, Tensor>());
  for (const [name, tensor] of tensors) {
    const [, place, own] = /^(0|[1-9]\d?)\.(.+)$/.exec(name) ?? [];
    const of = place === undefined ? undefined : parameters[Number(place)];
    if (own === undefined || !of) throw new FileFormatError(`the file has a tensor ${describe(name)} too many`);
    if (!(tensor.data instanceof Float32Array)) throw new FileFormatError(`tensor ${describe(name)} is not of float32`);
    of.set(own, tensor);
  }
  const networks: Predictor['networks'][number][] = [];
  try {
    for (const own of parameters) networks.push(await restore(described, features, own));
  } catch (error) {
    for (const net of networks) net.dispose();
    throw error;
  }
  const { target, columns, recipe, seed } = described;
  return { target, columns, recipe, seed, features, networks };
}

interface Description extends Learnt {
  readonly count: number;
}

/** A network with the parameters of a file. Nothing is made before they are known to be as many as it takes. */
async function restore(
  { target, recipe }: Description,
  features: Features,
  parameters: ReadonlyMap<string, Tensor>,
): Promise<Predictor['networks'][number]> {
  const purpose = purposeOf(target);
  const values = [...parameters.values()].reduce((sum, { data }) => sum + data.length, 0);
  const inputs = features.width;
  const rows = features.places.reduce((sum, { encoder }) => sum + encoder.categories, 0);
  const least = rows + inputs * recipe.hidden[0] + recipe.hidden[recipe.hidden.length - 1] * purpose.outputs;
  if (values < least) throw new FileFormatError(`the file has ${values} weights: its columns take more than ${least}`);
  const net = await makeNetwork(features, purpose, recipe.hidden, { seed: 0, recipe, steps: 1 });
  try {
    const expected = Object.keys(net.getParameters());
    const missing = expected.find((name) => !parameters.has(name));
    if (missing !== undefined) throw new FileFormatError(`the file has no tensor ${describe(missing)}`);
    refused(() =>
      net.setParameters(
        Object.fromEntries(
          [...parameters].map(([name, { shape, data }]) => [name, { shape: [...shape], data: data as Float32Array }]),
        ),
      ),
    );
    return net;
  } catch (error) {
    net.dispose();
    throw error;
  }
}

function checkDescription(value: unknown): Description {
  const fields = ['version', 'target', 'columns', 'recipe', 'seed', 'networks'];
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'version')) {
    const { version } = value as { version: unknown };
    if (typeof version === 'number' && version > VERSION) {
      throw new FileFormatError(
        `the file is of version ${version}, and this release reads up to ${VERSION}: update chainrule`,
      );
    }
  }
  const given = checkOptions('a model', value ?? null, fields);
  checkInteger('version', given['version'], 1, VERSION);
  const { columns } = given;
  if (!Array.isArray(columns) || columns.length > MOST_COLUMNS) throw wrongType('columns', 'an array', columns);
  const taken = columns.map(checkTaken);
  if (new Set(taken.map(({ name }) => name)).size < taken.length) throw new RangeError('a column comes twice');
  return {
    target: checkTarget(given['target']),
    columns: taken,
    recipe: checkRecipe(given['recipe']),
    seed: checkInteger('seed', given['seed'], 0, Number.MAX_SAFE_INTEGER),
    count: checkInteger('networks', given['networks'], 1, MOST_NETWORKS),
  };
}

function checkTarget(value: unknown): Target {
  const given = checkOptions('a target', value ?? null, [
    'task',
    'name',
    'labels',
    'names',
    'formats',
    'means',
    'deviations',
  ]);
  const text = (name: string) => (each: unknown) => {
    if (typeof each !== 'string') throw wrongType(name, 'text', each);
    return each;
  };
  if (checkOneOf('task', given['task'], ['classes', 'numbers']) === 'classes') {
    const labels = checkList('labels', given['labels'], (label) => {
      if (!['string', 'number', 'boolean'].includes(typeof label)) throw wrongType('labels', 'labels', label);
      return label as Label;
    });
    if (labels.length < 2) throw new RangeError('"labels" must be two or more');
    return { task: 'classes', name: text('name')(given['name']), labels };
  }
  const names = checkList('names', given['names'], text('names'));
  const target = {
    task: 'numbers',
    names,
    formats: checkList(
      'formats',
      given['formats'],
      (each) => checkOneOf('formats', each, ['point', 'comma']) as 'point',
    ),
    means: checkList('means', given['means'], (each) => checkNumber('means', each, {})),
    deviations: checkList('deviations', given['deviations'], (each) => checkNumber('deviations', each, { above: 0 })),
  } as const;
  const lengths = [names, target.formats, target.means, target.deviations].map(({ length }) => length);
  if (names.length === 0 || new Set(lengths).size > 1) throw new RangeError('a target has as many means as names');
  return target;
}

function checkRecipe(value: unknown): Recipe {
  const fields = ['hidden', 'networks', 'epochs', 'batchSize', 'rate', 'weightDecay', 'patience'];
  const given = checkOptions('a recipe', value ?? null, fields);
  const whole = (name: string, min: number): number => checkInteger(name, given[name], min, 0x7fffffff);
  const hidden = checkList('hidden', given['hidden'], (units) => checkInteger('hidden', units, 1, MOST_UNITS));
  if (hidden.length === 0 || hidden.length > 16) throw new RangeError('"hidden" must be 1 to 16 layers');
  return {
    hidden,
    networks: whole('networks', 1),
    epochs: whole('epochs', 1),
    batchSize: whole('batchSize', 1),
    rate: checkNumber('rate', given['rate'], { above: 0, max: 1 }),
    weightDecay: checkNumber('weightDecay', given['weightDecay'], { min: 0, max: 1 }),
    patience: whole('patience', 1),
  };
}

function checkList<T>(name: string, value: unknown, each: (value: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > MOST_COLUMNS) throw wrongType(name, 'an array', value);
  return value.map(each);
}

/** Runs a check on what a file says; its refusal is the file's fault. */
function refused<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof FileFormatError) throw error;
    if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new FileFormatError(`the file describes no valid model: ${error.message}`, { cause: error });
  }
}
