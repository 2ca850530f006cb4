import type { Standing } from '../training/early-stopping.js';
import type { Epoch } from '../training/report.js';
import type { Bytes } from '../support/arrays.js';
import { describe, FileFormatError } from '../support/check.js';
import { toJson } from './json.js';
import { decodeSafetensors, type DecodedTensor } from './read-safetensors.js';
import type { TensorData } from './safetensors.js';
import { encodeSafetensors } from './write-safetensors.js';

/*
 * A checkpoint is a safetensors file. Its tensors: `network`, bytes, what `save` gives; `history`, float64, a row for each
 * epoch; where there is early stopping, `best`, float32, the parameters of the best epoch, and `standing`, float64, its
 * loss and the epochs since. Its metadata: the columns of the history, the settings of the fit, and whether it is over.
 */

const FORMAT = 'chainrule checkpoint';
const VERSION = '1';

/** The longest header: it has a few tensors, and the names of the user's own metrics. */
const MOST_HEADER = 0x100000;

/** A fit after an epoch. */
export interface Kept {
  /** What the fit was asked for, by name: another fit does not go on from it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly history: readonly Epoch[];
  /** Whether early stopping has ended it. */
  readonly isOver: boolean;
  readonly best: Standing | undefined;
  /** The network, as `save` gives it. */
  readonly network: Uint8Array;
}

/** A place in an epoch's report: ['validation', 'metrics', 'f1']. */
type Column = readonly string[];

export function encodeCheckpoint({ settings, history, isOver, best, network }: Kept): Bytes {
  const columns = columnsOf(history[0]);
  const values = history.flatMap((epoch) => columns.map((column) => valueAt(epoch, column)));
  const { weights, loss, waited } = best ?? {};
  return encodeSafetensors(
    [
      ['history', { shape: [history.length, columns.length], data: Float64Array.from(values) }],
      ...(weights
        ? ([
            ['best', { shape: [weights.length], data: weights }],
            ['standing', { shape: [2], data: Float64Array.of(loss!, waited!) }],
          ] as const)
        : []),
      ['network', { shape: [network.length], data: network }],
    ],
    {
      ...{ format: FORMAT, version: VERSION },
      ...{ columns: toJson(columns), settings: toJson(settings), isOver: toJson(isOver) },
    },
  );
}

/** @throws FileFormatError for what is no checkpoint */
export function decodeCheckpoint(bytes: Uint8Array): Kept {
  const { tensors, metadata } = decodeSafetensors(bytes, MOST_HEADER);
  if (metadata.get('format') !== FORMAT) {
    throw new FileFormatError(`the file is no checkpoint of a fit: its metadata has no format "${FORMAT}"`);
  }
  if (metadata.get('version') !== VERSION) {
    const version = describe(metadata.get('version'));
    throw new FileFormatError(`the checkpoint has version ${version}: this release reads version ${VERSION}`);
  }
  const isOver = parse(metadata, 'isOver');
  const settings = Object.entries(Object(parse(metadata, 'settings')) as object);
  if (typeof isOver !== 'boolean') throw damaged('"isOver"');
  if (!settings.every(([, value]) => typeof value === 'string')) throw damaged('"settings"');
  const network = tensors.get('network')?.data;
  if (!(network instanceof Uint8Array)) throw damaged('"network"');
  return {
    settings: Object.fromEntries(settings),
    history: readHistory(parse(metadata, 'columns'), tensors.get('history')),
    isOver,
    best: readBest(tensors.get('best')?.data, tensors.get('standing')?.data),
    network,
  };
}

function parse(metadata: Map<string, string>, name: string): unknown {
  try {
    return JSON.parse(metadata.get(name) ?? '');
  } catch (cause) {
    throw damaged(`"${name}"`, cause);
  }
}

function damaged(where: string, cause?: unknown): FileFormatError {
  return new FileFormatError(`the checkpoint is damaged in ${where}`, { cause });
}

function readBest(weights: TensorData | undefined, standing: TensorData | undefined): Standing | undefined {
  if (!weights) return undefined;
  if (!(weights instanceof Float32Array) || !weights.every(Number.isFinite)) throw damaged('"best"');
  if (!(standing instanceof Float64Array) || standing.length !== 2) throw damaged('"standing"');
  return { loss: standing[0], waited: standing[1], weights };
}

/** All numbers of a report, but for the epoch's own, which is its row's. */
function columnsOf(report: object, place: Column = []): Column[] {
  return Object.entries(report)
    .filter(([name]) => place.length > 0 || name !== 'number')
    .flatMap(([name, value]) => {
      const here = [...place, name];
      return typeof value === 'number' ? [here] : columnsOf(value as object, here);
    });
}

function valueAt(epoch: Epoch, column: Column): number {
  return column.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], epoch) as number;
}

function readHistory(columns: unknown, tensor: DecodedTensor | undefined): Epoch[] {
  const isColumn = (column: unknown): boolean =>
    Array.isArray(column) && column.length > 0 && column.length < 4 && column.every((name) => typeof name === 'string');
  if (!Array.isArray(columns) || !columns.every(isColumn)) throw damaged('"columns"');
  const { data, shape } = tensor ?? {};
  // without columns it would take no bytes to claim any number of epochs
  const isTable = shape?.length === 2 && columns.length > 0 && shape[1] === columns.length;
  if (!(data instanceof Float64Array) || !isTable) throw damaged('"history"');
  return Array.from({ length: shape[0] }, (_, row) => {
    const epoch = new Map<string, unknown>([['number', row + 1]]);
    (columns as Column[]).forEach((column, index) => put(epoch, column, data[row * columns.length + index]));
    return plain(epoch) as Epoch;
  });
}

/** Maps, since a metric of the user's own may have any name. */
function put(report: Map<string, unknown>, [name, ...rest]: Column, value: number): void {
  if (rest.length === 0) report.set(name, value);
  else {
    const inner = report.get(name);
    const next = inner instanceof Map ? (inner as Map<string, unknown>) : new Map<string, unknown>();
    report.set(name, next);
    put(next, rest, value);
  }
}

function plain(report: Map<string, unknown>): object {
  return Object.fromEntries(
    [...report].map(([name, value]) => [name, value instanceof Map ? plain(value as Map<string, unknown>) : value]),
  );
}
