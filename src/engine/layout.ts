/**
 * How a network lies in memory: sizes first, then one allocation, then offsets.
 *
 * The kernels work in panels of 8 outputs, so rows are padded to 8 floats. Where a stride would be a multiple of 256
 * bytes, it is 64 bytes longer: see `rowStride`.
 */

const PANEL = 8;

/** Counts rounded up to whole panels. */
export const padded = (count: number): number => Math.ceil(count / PANEL) * PANEL;

/**
 * The distance of rows, in floats. It is never a multiple of 64: rows that far apart share a few sets of the first
 * cache, and evict each other.
 */
export function rowStride(count: number): number {
  if (count === 1) return 1;
  const stride = padded(count);
  return stride % 64 === 0 ? stride + 16 : stride;
}

/** How a tensor lies in memory: the floats that it takes, and how its row-major values are packed and unpacked. */
export interface Packing {
  readonly floats: number;
  pack(values: ArrayLike<number>, packed: Float32Array): void;
  unpack(packed: Float32Array, values: Float32Array): void;
}

/** One row of values. */
export function vector(count: number): Packing {
  return {
    floats: padded(count),
    pack: (values, packed) => packed.set(values),
    unpack: (packed, values) => values.set(packed.subarray(0, count)),
  };
}

/** Weights [outputs, inputs], in panels of 8 outputs; those of one output are a vector. */
export interface Panels extends Packing {
  /** 0 where there is one output. */
  readonly panels: number;
  /** Floats from one panel to the next. */
  readonly panelStride: number;
}

export function panelled(outputs: number, inputs: number): Panels {
  const panels = outputs === 1 ? 0 : padded(outputs) / PANEL;
  const panelRows = padded(inputs) + (padded(inputs) % 16 === 0 ? 2 : 0);
  const panelStride = panelRows * PANEL;
  if (panels === 0) return { ...vector(inputs), panels, panelStride };
  const startOf = (j: number): number => Math.floor(j / PANEL) * panelStride + (j % PANEL);
  return {
    floats: panels * panelStride,
    panels,
    panelStride,
    pack: (values, packed) => {
      // plain loops: with a call for each weight, a new process takes 6 instead of 2 ms over W2's (measured:
      // bench:start)
      for (let j = 0; j < outputs; j++) {
        let at = startOf(j);
        for (let i = j * inputs; i < (j + 1) * inputs; i++, at += PANEL) packed[at] = values[i];
      }
    },
    unpack: (packed, values) => {
      for (let j = 0; j < outputs; j++) {
        let at = startOf(j);
        for (let i = j * inputs; i < (j + 1) * inputs; i++, at += PANEL) values[i] = packed[at];
      }
    },
  };
}

/** Hands out offsets in bytes, each at a multiple of 64. */
export class Offsets {
  bytes = 0;

  take(bytes: number): number {
    const offset = this.bytes;
    this.bytes += Math.ceil(bytes / 64) * 64;
    return offset;
  }

  /** Room for `count` floats, and for the whole vector that a kernel may write behind them. */
  floats(count: number): number {
    return this.take(count * 4 + 32);
  }
}
