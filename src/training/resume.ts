import { decodeCheckpoint, encodeCheckpoint, type Kept } from '../files/checkpoint.js';
import { toJson } from '../files/json.js';
import { decodeSafetensors } from '../files/read-safetensors.js';
import { readSaved, restoreModel } from '../files/restore.js';
import { saveModel } from '../files/save.js';
import type { Model } from '../model/model.js';
import type { Resident } from '../model/resident.js';
import { FileFormatError } from '../support/check.js';
import type { UrlLike } from '../support/platform.js';
import type { Work } from './batches.js';
import type { Checkpoint } from './checkpoint.js';
import type { BestEpoch } from './early-stopping.js';
import type { Epoch } from './report.js';
import { giveWay } from './turns.js';

type Path = string | UrlLike;
type Settings = Readonly<Record<string, string>>;

/** Bytes of the examples that are read at once. */
const PIECE = 0x40000;

interface FileHandle {
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** As much of Node's `fs.promises` as is asked for. */
interface Files {
  open(path: Path, flags: string): Promise<FileHandle>;
  readFile(path: Path): Promise<Uint8Array>;
  rename(from: Path, to: Path): Promise<void>;
}

/** What a fit is made of, as far as a checkpoint has to know it. */
export interface Training {
  readonly work: Work;
  readonly validation: Work | undefined;
  readonly best: BestEpoch | undefined;
  readonly epochs: number;
  /** The options that a fit that goes on has to have in common with the one that was ended. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The checkpoint of a fit that has been begun, or goes on. */
export class Checkpoints {
  readonly #option: Required<Checkpoint>;
  readonly #files: Files;
  readonly #training: Training;
  readonly #settings: Settings;
  /** The epochs that are done, those of earlier runs among them. */
  readonly history: Epoch[];
  /** Whether early stopping ended the fit in an earlier run. */
  readonly isOver: boolean;

  constructor(
    option: Required<Checkpoint>,
    files: Files,
    training: Training,
    settings: Settings,
    kept: Kept | undefined,
  ) {
    this.#option = option;
    this.#files = files;
    this.#training = training;
    this.#settings = settings;
    this.history = [...(kept?.history ?? [])];
    this.isOver = kept?.isOver ?? false;
  }

  /** Takes note of an epoch, and writes where it is time. The network stands as training goes on from it. */
  async keep(epoch: Epoch, isOver: boolean): Promise<void> {
    this.history.push(epoch);
    const { work, best, epochs } = this.#training;
    if (epoch.number % this.#option.every !== 0 && epoch.number !== epochs && !isOver) return;
    const bytes = encodeCheckpoint({
      ...{ settings: this.#settings, history: this.history, isOver, best: best?.state },
      network: saveModel(work.model),
    });
    await replace(this.#files, this.#option.path, bytes);
    work.leave.check();
  }
}

/**
 * Puts the network, and the early stopping, where the checkpoint has them, if there is one.
 *
 * @throws FileFormatError for a file that is no checkpoint, RangeError for one of another training: nothing has changed
 */
export async function resume(option: Required<Checkpoint>, training: Training): Promise<Checkpoints> {
  const files = filesOf();
  const { work, validation, best, epochs } = training;
  const { model } = work;
  const options = Object.entries(training.options).map(
    ([name, value]) => [name, value === undefined ? 'none' : toJson(value)] as const,
  );
  const settings = {
    data: await giveWay(digest(model, work.data), work),
    validation: validation ? await giveWay(digest(model, validation.data), work) : 'none',
    ...Object.fromEntries(options),
  };
  const bytes = await read(files, option.path);
  const kept = bytes && decodeCheckpoint(bytes);
  if (kept) assertSame(training, settings, kept, option.path);
  // what can't be written is not found out after an epoch
  await (await files.open(partOf(option.path), 'a')).close();
  work.leave.check();
  if (kept) {
    putBack(model, best, kept);
    if (kept.isOver || kept.history.length === epochs) best?.restore();
  }
  return new Checkpoints(option, files, training, settings, kept);
}

function filesOf(): Files {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const files = process?.getBuiltinModule?.('node:fs/promises') as Files | undefined;
  if (files) return files;
  throw new Error('"checkpoint" needs files, as Node has them: elsewhere, keep what save() gives between epochs');
}

async function read(files: Files, path: Path): Promise<Uint8Array | undefined> {
  try {
    return await files.readFile(path);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whatever ends the program, the path has all of the old bytes or all of the new. */
async function replace(files: Files, path: Path, bytes: Uint8Array): Promise<void> {
  const part = partOf(path);
  const file = await files.open(part, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(part, path);
}

function partOf(path: Path): Path {
  return typeof path === 'string' ? `${path}.part` : new URL(`${path.href}.part`);
}

/** Layers, loss, optimizer and all else that a saved network is made by. */
function describeNetwork(saved: Uint8Array): string {
  const { metadata } = decodeSafetensors(saved);
  const made = Object.entries(JSON.parse(metadata.get('network')!) as object);
  return toJson(Object.fromEntries(made.filter(([name]) => name !== 'progress' && name !== 'average')));
}

/** A 53-bit digest of the examples as they lie in memory, piece by piece (cyrb53). */
function* digest({ engine, shape }: Model, { count, source }: Resident): Generator<undefined, string, void> {
  const { x, y, labels, weights, inputScale } = source;
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  const targets = labels ? 1 : shape.outputs;
  const parts: [at: number, bytes: number][] = [
    [x, count * shape.inputs * (inputScale ? 1 : 4)],
    [y || labels, count * targets * 4],
    [weights, weights ? count * 4 : 0],
  ];
  for (const [at, size] of parts) {
    for (let from = 0; from < size; from += PIECE) {
      // bytes, since those of x need not fill words; read anew, since memory may have grown meanwhile
      for (const byte of engine.u8(at + from, Math.min(PIECE, size - from))) {
        high = Math.imul(high ^ byte, 2654435761);
        low = Math.imul(low ^ byte, 1597334677);
      }
      yield;
    }
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  const digits = (4294967296 * (2097151 & low) + (high >>> 0)).toString(16);
  return `${count} examples with the digest ${digits}`;
}

/** Throws where the checkpoint is of a network, data or options that are not those of this fit. */
function assertSame({ work, best, epochs }: Training, here: Settings, kept: Kept, path: Path): void {
  const { model } = work;
  const refusal = (what: string): RangeError => {
    const file = typeof path === 'string' ? path : path.href;
    return new RangeError(
      `the checkpoint "${file}" is of another training: ${what}. Train as then to go on from it, or remove it to begin anew`,
    );
  };
  // checked whole, before what it describes is compared
  readSaved(kept.network, model.definition.optimizer.rate);
  if (describeNetwork(kept.network) !== describeNetwork(saveModel(model))) {
    throw refusal('its network is made otherwise');
  }
  const { settings: there, history } = kept;
  const other = Object.keys(here).find((name) => here[name] !== there[name]);
  if (other !== undefined) {
    const said = (settings: Settings): string =>
      (Object.hasOwn(settings, other) ? settings[other] : 'none').slice(0, 80);
    throw refusal(`its ${other} is ${said(there)}, here ${said(here)}`);
  }
  if (history.length > epochs) throw refusal(`it is at epoch ${history.length}, and "epochs" is ${epochs}`);
  if (best && kept.best?.weights?.length !== model.parameters.length) {
    throw new FileFormatError('the checkpoint has no best epoch of this network');
  }
}

function putBack(model: Model, best: BestEpoch | undefined, kept: Kept): void {
  model.average.drop();
  restoreModel(model, readSaved(kept.network, model.definition.optimizer.rate));
  model.engine.kernels.forgetBounds(model.optimizerAt);
  if (best && kept.best) best.state = kept.best;
}
