/** Networks of every kind of layers, which `layers.test.ts` holds against the reference and tries in every way. */
import {
  activation,
  batchNorm,
  concat,
  dense,
  dropout,
  elu,
  embedding,
  layerNorm,
  leakyRelu,
  normalize,
  residual,
  type Layer,
} from '../../src/index.js';

export interface LayerCase {
  readonly name: string;
  readonly inputs: number;
  /** Where the inputs have named parts: the columns of each. */
  readonly parts?: Readonly<Record<string, number>>;
  /** Of each column, how many values an index has; 0 for a number. All are numbers by default. */
  readonly categories?: readonly number[];
  /** All but the last, which is a dense one. */
  readonly layers: readonly Layer[];
}

export const LAYER_CASES: readonly LayerCase[] = [
  { name: 'dense', inputs: 5, layers: [dense(9, 'tanh'), dense(3, 'relu')] },
  { name: 'residual', inputs: 6, layers: [dense(11, 'tanh'), residual([dense(7, 'relu'), dense(11)])] },
  { name: 'residual of the inputs', inputs: 6, layers: [residual([dense(6, 'sigmoid')])] },
  {
    name: 'residual in residual',
    inputs: 3,
    layers: [dense(8, 'silu'), residual([residual([dense(8, 'tanh')]), dense(8, 'relu')]), dense(4, 'tanh')],
  },
  { name: 'residual of one unit', inputs: 4, layers: [dense(1, 'tanh'), residual([dense(3, 'tanh'), dense(1)])] },
  {
    name: 'concat',
    inputs: 5,
    layers: [dense(7, 'tanh'), concat([[dense(3, 'relu')], [], [dense(17, 'sigmoid'), dense(2)]])],
  },
  { name: 'concat of the inputs', inputs: 70, layers: [concat([[dense(64, 'relu')], [dense(1, 'tanh')], []])] },
  {
    name: 'a layer that is not trained',
    inputs: 5,
    layers: [dense(6, 'tanh'), dense(4, 'tanh', { trainable: false })],
  },
  {
    name: 'layers that are not trained',
    inputs: 5,
    layers: [dense(6, 'tanh', { trainable: false }), dense(4, 'tanh')],
  },
  { name: 'layerNorm', inputs: 5, layers: [dense(13, 'sigmoid'), layerNorm(), dense(9, 'tanh')] },
  {
    name: 'layerNorm of the inputs',
    inputs: 70,
    layers: [layerNorm({ epsilon: 0.1, rateScale: 0.5 }), dense(9, 'tanh')],
  },
  {
    name: 'layerNorm around a residual',
    inputs: 6,
    layers: [dense(11), residual([layerNorm(), dense(7, 'relu'), dense(11)]), layerNorm()],
  },
  { name: 'layerNorm of one unit', inputs: 3, layers: [concat([[dense(1), layerNorm()], [dense(5, 'tanh')]])] },
  { name: 'layerNorm that is not trained', inputs: 5, layers: [dense(8), layerNorm({ trainable: false })] },
  { name: 'batchNorm', inputs: 5, layers: [dense(13, 'tanh'), batchNorm(), dense(9, 'tanh')] },
  { name: 'batchNorm of the inputs', inputs: 70, layers: [batchNorm({ momentum: 0.3 }), dense(9, 'sigmoid')] },
  {
    name: 'batchNorm in a residual and in a branch',
    inputs: 6,
    layers: [
      residual([batchNorm({ epsilon: 0.01 }), dense(6, 'tanh')]),
      concat([[dense(1, 'tanh'), batchNorm()], [], [batchNorm({ rateScale: 2 })]]),
    ],
  },
  { name: 'batchNorm that is not trained', inputs: 5, layers: [dense(8, 'tanh'), batchNorm({ trainable: false })] },
  { name: 'normalize', inputs: 70, layers: [normalize(), dense(9, 'tanh'), normalize()] },
  {
    name: 'normalize beside others',
    inputs: 3,
    layers: [concat([[normalize()], [dense(1, 'tanh'), normalize()], []])],
  },
  {
    name: 'activation',
    inputs: 5,
    layers: [dense(13), activation('sigmoid'), dense(9), activation(leakyRelu(0.2)), activation('linear')],
  },
  {
    name: 'activation of the inputs, of a sum and in branches',
    inputs: 6,
    layers: [
      activation(elu(0.5)),
      residual([dense(7), activation('relu'), dense(6)]),
      activation('tanh'),
      concat([[activation('softplus')], [dense(1), activation('silu')], [activation('gelu')]]),
    ],
  },
  { name: 'dropout', inputs: 5, layers: [dense(13, 'tanh'), dropout(0.1), dense(9, 'tanh')] },
  {
    name: 'dropout of the inputs, in a residual and in branches',
    inputs: 70,
    layers: [
      dropout(0.05),
      dense(6, 'tanh'),
      residual([dense(6, 'sigmoid'), dropout(0.1)]),
      concat([[dropout(0.1)], [dense(1, 'tanh'), dropout(0)], []]),
    ],
  },
  { name: 'embedding', inputs: 3, categories: [7, 7, 7], layers: [embedding(7, 5), dense(9, 'tanh')] },
  { name: 'embedding of one value', inputs: 1, categories: [40], layers: [embedding(40, 1), dense(9, 'tanh')] },
  {
    name: 'embeddings beside numbers',
    inputs: 9,
    parts: { numbers: 4, city: 1, words: 3, day: 1 },
    categories: [0, 0, 0, 0, 30, 12, 12, 12, 3],
    layers: [
      concat({
        numbers: [],
        city: [embedding(30, 8, { rateScale: 2 })],
        words: [embedding(12, 3), dense(4, 'tanh')],
        day: [embedding(3, 2, { trainable: false })],
      }),
      dense(9, 'tanh'),
    ],
  },
];
