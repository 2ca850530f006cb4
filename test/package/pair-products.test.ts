import binaryen from 'binaryen';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wasmPath } from '../../scripts/kernels.js';
import { pairProducts } from '../../scripts/pair-products.js';

/** A function that reads 12 floats: `$c`, `$d` and `$s`. What `body` makes of `$c` and `$d` it writes back. */
function moduleOf(body: string): Uint8Array {
  const module = binaryen.parseText(`(module
    (memory 1)
    (func (export "run") (param $at i32) (local $s v128) (local $c v128) (local $d v128)
      (local.set $s (v128.load offset=32 (local.get $at)))
      (local.set $c (v128.load (local.get $at)))
      (local.set $d (v128.load offset=16 (local.get $at)))
      ${body}
      (v128.store (local.get $at) (local.get $c))
      (v128.store offset=16 (local.get $at) (local.get $d)))
    (export "memory" (memory 0)))`);
  module.setFeatures(binaryen.Features.All);
  return module.emitBinary();
}

const sum = (name: string, left: string, right: string, start = name): string =>
  `(local.set $${name} (f32x4.add (f32x4.mul ${left} ${right}) (local.get $${start})))`;
const get = (name: string): string => `(local.get $${name})`;
const load = (offset: number): string => `(v128.load offset=${offset} (local.get $at))`;

/** The arithmetic of a module, in its order. */
function operations(wasm: Uint8Array): string[] {
  const module = binaryen.readBinaryWithFeatures(wasm, binaryen.Features.All);
  return module.emitStackIR().match(/f32x4\.\w+/g) ?? [];
}

/** What `run` leaves of 12 floats. */
async function results(wasm: Uint8Array): Promise<number[]> {
  const { instance } = await WebAssembly.instantiate(new Uint8Array(wasm));
  const { run, memory } = instance.exports as { run(at: number): void; memory: WebAssembly.Memory };
  const floats = new Float32Array(memory.buffer, 0, 16);
  floats.set(floats.map((_, i) => 1 / (i + 3)));
  run(0);
  return [...floats];
}

const PAIRED = ['f32x4.mul', 'f32x4.mul', 'f32x4.add', 'f32x4.add'];
const APART = ['f32x4.mul', 'f32x4.add', 'f32x4.mul', 'f32x4.add'];

test.each<[what: string, body: string, order: string[]]>([
  ['two sums', sum('c', get('s'), load(48)) + sum('d', get('s'), load(32)), PAIRED],
  ['in a loop', `(loop ${sum('c', get('s'), load(48)) + sum('d', get('s'), load(32))})`, PAIRED],
  ['the second of which multiplies the first', sum('c', get('s'), load(48)) + sum('d', get('s'), get('c')), APART],
  [
    'the second of which sets the first',
    sum('c', get('s'), load(48)) + sum('d', get('s'), `(local.tee $c ${load(16)})`),
    APART,
  ],
  [
    'the second of which starts from the first',
    sum('c', get('s'), load(48)) + sum('d', get('s'), get('s'), 'c'),
    APART,
  ],
  [
    'with a store between',
    `${sum('c', get('s'), get('s'))}(v128.store (local.get $at) (local.get $c))${sum('d', get('s'), load(0))}`,
    APART,
  ],
])('the products of two sums come first where that changes nothing: %s', async (_what, body, order) => {
  const before = moduleOf(body),
    after = pairProducts(before);
  expect(operations(before)).toEqual(APART);
  expect(operations(after)).toEqual(order);
  expect(await results(after)).toEqual(await results(before));
});

test.each(['productTile5', 'gradientTile5', 'gradientTileAdd4'])('the loop of %s has its sums in pairs', (name) => {
  const module = binaryen.readBinaryWithFeatures(readFileSync(wasmPath('plain')), binaryen.Features.All),
    text = module.emitStackIR();
  const internal = new RegExp(`\\(export "${name}" \\(func \\$(\\d+)\\)`).exec(text)![1];
  const start = text.indexOf(`(func $${internal} `),
    loop = text.slice(text.indexOf('loop', start), text.indexOf('\n )', start));
  const pairs = Number(name.at(-1));
  expect(loop.match(/f32x4\.(?:mul|add)\b/g)).toEqual(Array.from({ length: pairs }, () => PAIRED).flat());
});
