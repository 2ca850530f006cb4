import type { Packing } from '../engine/layout.js';
import { bare, checkInteger, checkOptions } from '../support/check.js';
import { MOST_UNITS } from './dense.js';
import { checkShared, type Layer, type LayerOptions, type LeafKind, SHARED } from './kind.js';

/** A table with a row for each category, as `embedding` makes it. */
export interface EmbeddingLayer extends Layer {
  readonly kind: 'embedding';
  readonly categories: number;
  readonly size: number;
  readonly trainable: boolean;
  readonly rateScale: number;
}

/** The most categories: float32 holds every whole number up to there. */
const MOST_CATEGORIES = 0x1000000;

/**
 * A table of `categories` rows of `size` values, all trained. The inputs are indices, whole numbers from 0 to
 * categories - 1; each gives its row, so k of them give k * size values, all from the same table.
 *
 * It takes columns of the network's inputs: as the first layer, or as the first of a branch of `concat` with names.
 *
 * A step costs what its batch touches: only the rows that it names are updated. The others, and the optimizer's state of
 * theirs, stay as they are: they do not decay and do not move by momentum. So do `torch.optim.SparseAdam`, and
 * `torch.optim.SGD` and `Adagrad` with `torch.nn.Embedding(..., sparse=True)`. The average of the weights takes all rows.
 *
 * The table begins uniform within +- sqrt(3), with the variance 1 of PyTorch's normal distribution: it needs no logarithm,
 * of which engines differ in the last bit.
 *
 * @throws TypeError, RangeError for a value that cannot be used
 */
export function embedding(categories: number, size: number, options?: LayerOptions): EmbeddingLayer {
  const given = checkOptions('embedding', options, SHARED);
  return EMBEDDING.check('', Object.assign(given, { categories, size }), () => []);
}

/** Floats from one row of the table to the next: whole vectors. */
const strideOf = (size: number): number => Math.ceil(size / 4) * 4;

/** The rows of a table one after another. */
function table(categories: number, size: number): Packing {
  const stride = strideOf(size);
  const copy = (from: ArrayLike<number>, fromStride: number, to: Float32Array, toStride: number): void => {
    for (let row = 0; row < categories; row++) {
      for (let j = 0; j < size; j++) to[row * toStride + j] = from[row * fromStride + j];
    }
  };
  return {
    floats: Math.ceil((categories * stride) / 8) * 8,
    pack: (values, packed) => copy(values, size, packed, stride),
    unpack: (packed, values) => copy(packed, stride, values, size),
  };
}

export const EMBEDDING = bare<LeafKind<EmbeddingLayer>>({
  code: 8,
  options: ['categories', 'size', ...SHARED],
  check: (place, given) => ({
    kind: 'embedding',
    categories: checkInteger(`${place}categories`, given['categories'], 1, MOST_CATEGORIES),
    size: checkInteger(`${place}size`, given['size'], 1, MOST_UNITS),
    ...checkShared(place, given),
  }),
  outputs: ({ size }, inputs) => inputs * size,
  tensors: ({ categories, size, trainable }) => [
    {
      name: 'weight',
      field: 'weight',
      min: undefined,
      shape: [categories, size],
      packing: table(categories, size),
      trained: trainable,
      sparse: true,
      exists: true,
      initial: (draw) => draw(categories * size, Math.sqrt(3), 0),
    },
  ],
  record: ({ categories, size }) => ({ categories, columns: size, panelStride: strideOf(size) }),
  hasZ: () => false,
  memory: ({ categories }) => categories * 8,
  categories: ({ categories }) => categories,
  flops: ({ size }, inputs) => inputs * size,
  // an index has no slope
  ways: () => [],
  describe: ({ categories, size }, inputs) => [`embedding ${inputs} of ${categories} -> ${inputs * size}`, ''],
});
