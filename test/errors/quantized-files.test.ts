/** Files that `loadQuantized` refuses: nothing in them is believed. */
import { beforeAll, expect, it } from 'vitest';
import { getEngine } from '../../src/engine/engines.js';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import type { TensorData } from '../../src/files/safetensors.js';
import { encodeSafetensors } from '../../src/files/write-safetensors.js';
import { createNetwork, dense, layerNorm, loadNetwork, loadQuantized, type QuantizedNetwork } from '../../src/index.js';
import { refusal, type Loose } from './support.js';

type Tensors = Map<string, { shape: number[]; data: TensorData }>;

let file: Uint8Array;
let full: Uint8Array;

beforeAll(async () => {
  const net = await createNetwork({ inputs: 5, layers: [dense(3, 'tanh'), layerNorm(), dense(2)], seed: 1 });
  full = net.save();
  const small = await net.quantize();
  file = small.save();
  net.dispose();
  small.dispose();
});

function edited(change: (tensors: Tensors, metadata: Record<string, string>) => void): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(file);
  const entries = Object.fromEntries(metadata);
  change(tensors, entries);
  return encodeSafetensors(tensors, entries);
}

const replaced = (name: string, change: (data: TensorData) => TensorData, shape?: number[]): Uint8Array =>
  edited((tensors) => {
    const tensor = tensors.get(name)!;
    tensors.set(name, { shape: shape ?? tensor.shape, data: change(tensor.data) });
  });

const described = (change: (network: Record<string, unknown>) => void): Uint8Array =>
  edited((_, metadata) => {
    const network = JSON.parse(metadata['network']) as Record<string, unknown>;
    change(network);
    metadata['network'] = JSON.stringify(network);
  });

const says = async (bytes: unknown): Promise<string> => refusal(() => (loadQuantized as Loose)(bytes));

it('reads what save gave', async () => {
  const net: QuantizedNetwork = await loadQuantized(file);
  expect(net.save()).toEqual(file);
  net.dispose();
});

it('refuses a file wherever it is cut off, and whatever is behind it', async () => {
  for (let length = 0; length < file.length; length += 7) {
    expect(await says(file.slice(0, length))).toMatch(/^FileFormatError: the file is truncated/);
  }
  expect(await says(Uint8Array.of(...file, 0))).toMatch(/^FileFormatError: .*after its tensors/);
});

it('refuses other files, and says what they are', async () => {
  expect(await says('x')).toMatch(/^TypeError: the file must be/);
  expect(await says(full)).toBe(
    'FileFormatError: the file holds no quantized network: its metadata has no format "chainrule-int8", but "chainrule": ' +
      'that is a network for loadNetwork',
  );
  expect(await says(encodeSafetensors([], {}))).toBe(
    'FileFormatError: the file holds no quantized network: its metadata has no format "chainrule-int8"',
  );
  expect(await says(edited((_, metadata) => (metadata['version'] = '2')))).toBe(
    'FileFormatError: the file has version "2": this release reads version 1',
  );
  expect(await refusal(() => loadNetwork(file))).toMatch(/^FileFormatError: the file holds no network/);
});

it('refuses tensors that are missing, too many, or others', async () => {
  const cases: [Uint8Array, RegExp][] = [
    [edited((tensors) => tensors.delete('layers.0.weight')), /no tensor "layers.0.weight"/],
    [edited((tensors) => tensors.delete('layers.2.weightScale')), /no tensor "layers.2.weightScale"/],
    [edited((tensors) => tensors.delete('layers.1.bias')), /no tensor "layers.1.bias"/],
    [edited((tensors) => tensors.set('more', { shape: [1], data: Int8Array.of(1) })), /a tensor "more" too many/],
    [replaced('layers.0.weight', (data) => Float32Array.from(data)), /"layers.0.weight" as other numbers than I8/],
    [replaced('layers.0.bias', (data) => Int32Array.from(data)), /"layers.0.bias" as other numbers than F32/],
    [replaced('layers.0.weight', (data) => data, [5, 3]), /the shape \[5, 3\]: expected \[3, 5\]/],
    [replaced('layers.0.weight', (data) => data.fill(-128)), /a number below -127 in "layers.0.weight"/],
    [replaced('layers.0.weightScale', (data) => data.fill(NaN)), /expected a number that float32 can hold/],
    [replaced('layers.0.weightScale', (data) => data.fill(-1)), /expected 0 at the least/],
    [replaced('layers.2.bias', (data) => data.fill(Infinity)), /expected a number that float32 can hold/],
  ];
  for (const [bytes, expected] of cases) {
    const said = await says(bytes);
    expect(said).toMatch(/^FileFormatError: /);
    expect(said).toMatch(expected);
  }
});

it('refuses descriptions that are no network, or do not fit, before memory is taken', async () => {
  const { kernels } = await getEngine('reproducible');
  const before = kernels.memory.buffer.byteLength;
  const cases: [Uint8Array, RegExp][] = [
    [edited((_, metadata) => delete metadata['network']), /its metadata has no "network"/],
    [edited((_, metadata) => (metadata['network'] = '{')), /is not JSON/],
    [edited((_, metadata) => (metadata['network'] = '['.repeat(900))), /nests deeper/],
    [edited((_, metadata) => (metadata['network'] = ' '.repeat(1e6))), /1000000 characters/],
    [described((network) => delete network['layers']), /the network has no "layers"/],
    [described((network) => (network['seed'] = 1)), /seed/],
    [described((network) => (network['inputs'] = 0)), /"inputs"/],
    [described((network) => (network['inputs'] = 2_000_000_000)), /expected \[3, 2000000000\]/],
    [described((network) => (network['layers'] = [{ kind: 'dense', units: 2 ** 31 - 1 }])), /"layers\[0\]/],
    [described((network) => (network['loss'] = 'no')), /"loss/],
  ];
  for (const [bytes, expected] of cases) {
    const said = await says(bytes);
    expect(said).toMatch(/^FileFormatError: /);
    expect(said).toMatch(expected);
  }
  expect(kernels.memory.buffer.byteLength).toBe(before);
});
