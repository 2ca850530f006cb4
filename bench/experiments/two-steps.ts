/**
 * `npx tsx bench/experiments/two-steps.ts`: a product's tile of 5 rows that takes two steps of k in each round of its loop,
 * beside the one that the library has, by turns. Dropped: no faster on Node 24, slower on Node 20.
 */
import asc from 'assemblyscript/asc';
import { generateTiles } from '../../assembly/gemm/generate.js';

const K = 513;
const ROWS = 5;
const CALLS = 200;
const ROUNDS = 40;

type Tile = (a: number, lda: number, w: number, k: number, b: number, z: number, ldz: number) => void;

/** The text of the library's tile, its operands packed. */
function libraryTile(): string {
  const [tile] = /export function productTile5\([^]*?\n\}/.exec(generateTiles()) ?? [];
  if (tile === undefined) throw new Error('the generator writes no productTile5');
  return tile;
}

/** The same with the turn of its loop twice: for an odd k, since the first step stands before the loop. */
function twoSteps(tile: string): string {
  const [loop, head, turn] = /for \(;;\) \{\n([^]*?if \(w >= end\) break;\n)([^]*?)\n {2}\}/.exec(tile) ?? [];
  if (!loop || !head || !turn) throw new Error('the loop of productTile5 has another shape');
  const step = head.replace(/ *if \(w >= end\) break;\n/, '');
  return tile
    .replace('productTile5', 'twoSteps5')
    .replace(loop, `for (;;) {\n${head}    {\n${turn}\n    }\n${step}    {\n${turn}\n    }\n  }`);
}

async function compile(): Promise<{ memory: WebAssembly.Memory; productTile5: Tile; twoSteps5: Tile }> {
  const tile = libraryTile();
  const source = `
    const PACKED = true;
    // @ts-ignore: decorator
    @inline
    function madd(x: v128, y: v128, z: v128): v128 { return f32x4.add(f32x4.mul(x, y), z); }
    ${tile}
    ${twoSteps(tile)}`;
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const options = ['--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd', '--initialMemory', '4'];
  const { error } = await asc.main(['tiles.ts', '--outFile', 'tiles.wasm', ...options], {
    readFile: (name) => (name === 'tiles.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'tiles.wasm') binary = contents as Uint8Array<ArrayBuffer>;
    },
    listFiles: () => [],
    stderr: process.stderr,
  });
  if (error || !binary) throw new Error('the tiles do not compile', { cause: error });
  const { instance } = await WebAssembly.instantiate(binary);
  return instance.exports as never;
}

const { productTile5, twoSteps5 } = await compile();
const [a, w, b, z] = [0, 0x8000, 0x10000, 0x10100];

function time(tile: Tile): number {
  const began = performance.now();
  for (let i = 0; i < CALLS; i++) tile(a, 0, w, K, b, z, 32);
  return performance.now() - began;
}

const best = { one: Infinity, two: Infinity };
for (let round = 0; round < ROUNDS; round++) {
  best.one = Math.min(best.one, time(productTile5));
  best.two = Math.min(best.two, time(twoSteps5));
}
const gflops = (milliseconds: number): string => ((CALLS * ROWS * 8 * K * 2) / milliseconds / 1e6).toFixed(1);
console.log(`Node ${process.version}: one step a round ${gflops(best.one)} GFLOP/s, two ${gflops(best.two)} GFLOP/s`);
