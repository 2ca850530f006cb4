/** The allocator: what was released is found again, by whatever is as long. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { BINARIES } from './harness.js';

interface Allocator {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  release(at: number): void;
}

const module = await WebAssembly.compile(BINARIES.plain);
let allocator: Allocator;

beforeEach(async () => {
  allocator = (await WebAssembly.instantiate(module)).exports as unknown as Allocator;
});

/** As many bytes as there may be between 1 and `most`, any power of two as likely. */
const sizes = (most: number): fc.Arbitrary<number> =>
  fc.double({ min: 0, max: Math.log2(most), noNaN: true }).map((power) => Math.floor(2 ** power));

describe('a block that was released', () => {
  it('is found again by a request of its own size, where its neighbours stay', () => {
    fc.assert(
      fc.property(sizes(0x1000000), (bytes) => {
        const { allocate, release } = allocator;
        const [before, block, behind] = [allocate(16), allocate(bytes), allocate(16)];
        release(block);
        const again = allocate(bytes);
        expect(again).toBe(block);
        for (const at of [before, again, behind]) release(at);
      }),
      { numRuns: 1000 },
    );
  });

  it('is never given to one that it does not hold', () => {
    const { allocate, release, memory } = allocator;
    fc.assert(
      fc.property(fc.array(fc.tuple(sizes(0x40000), fc.nat(7))), (requests) => {
        const alive: [at: number, bytes: number][] = [];
        for (const [bytes, which] of requests) {
          if (which < alive.length) release(alive.splice(which, 1)[0][0]);
          const at = allocate(bytes);
          expect(at % 16).toBe(0);
          expect(at + bytes).toBeLessThanOrEqual(memory.buffer.byteLength);
          for (const [other, length] of alive) expect(at + bytes <= other || other + length <= at).toBe(true);
          alive.push([at, bytes]);
        }
        for (const [at] of alive) release(at);
      }),
    );
  });

  it('is never given to one that it does not hold, of half a GiB and more', () => {
    const { allocate, release } = allocator;
    const MiB = 2 ** 20;
    const [block, behind] = [allocate(609 * MiB) >>> 0, allocate(16) >>> 0];
    release(block);
    const longer = allocate(630 * MiB) >>> 0;
    expect(longer + 630 * MiB <= behind || behind + 16 <= longer).toBe(true);
  });
});

describe('memory', () => {
  it('does not grow while blocks of one size come and go among others', () => {
    const { allocate, release, memory } = allocator;
    for (const bytes of [100, 253, 257, 1000, 4096, 5000, 65_536, 100_001]) {
      const blocks = Array.from({ length: 20 }, () => allocate(bytes));
      const before = memory.buffer.byteLength;
      for (let i = 0; i < 10_000; i++) {
        const at = (7 * i) % 20;
        release(blocks[at]);
        blocks[at] = allocate(bytes);
      }
      expect(memory.buffer.byteLength).toBe(before);
    }
  });
});
