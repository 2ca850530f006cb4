/**
 * The training step with one call into WebAssembly for each kernel, made from JavaScript: what it would cost to keep
 * the order of the calls on this side. It reaches behind the public API, on the same layout and the same kernels.
 */
import type { NetworkOptions } from '../src/api/create.js';
import { ACTIVATIONS } from '../src/choices/activations.js';
import { lossCode } from '../src/choices/losses.js';
import { readExamples } from '../src/data/numbers.js';
import { panelled } from '../src/engine/layout.js';
import type { DenseLayer } from '../src/layers/dense.js';
import { getEngine } from '../src/engine/engines.js';
import { checkDefinition } from '../src/model/definition.js';
import { Model, TRAIN } from '../src/model/model.js';
import { type Parameters, readTensors } from '../src/model/parameters.js';

export type Kernel = (...args: number[]) => number;
export type KernelTable = Record<string, Kernel>;

/** What is smaller is 0, of what products multiply and of outputs; a sigmoid goes by its z. See `assembly/lanes/flush.ts`. */
const LEAST = 2 ** -63;
const BOUNDS = { hidden: LEAST, last: 2 ** -125 };
const SIGMOID_BOUNDS = { hidden: -43.668, last: -86.643 };

/** A network that is trained so. */
export interface KernelCalls {
  /** Makes one step on batch `batch` of the examples. */
  readonly step: (batch: number) => void;
  readonly parameters: () => Parameters;
  readonly end: () => void;
}

/** A network of `createNetwork`'s options, with plain SGD and whole batches. `wrap` may put something around the calls. */
export async function createKernelCalls(
  options: NetworkOptions,
  x: Float32Array,
  y: Float32Array | Int32Array,
  batchSize: number,
  wrap: (kernels: KernelTable) => KernelTable = (kernels) => kernels,
): Promise<KernelCalls> {
  const definition = checkDefinition(options);
  const engine = await getEngine(definition.numerics);
  const model = new Model(engine, definition);
  model.initialise();
  const examples = readExamples(x, y, model.shape);
  const source = model.transfer(examples, 0, examples.count);
  const k = wrap(engine.kernels as unknown as KernelTable);
  // what costs nothing is asked past the wrapper
  const { blockFloats, wantsBlocks, rowFloats, rowsAt, tilesOf } = engine.kernels as unknown as KernelTable;
  const { count } = model.plan;
  const layers = model.plan.nodes.map(({ inputs, outputs, lda, ld, tensors }) => {
    const [weight, bias] = tensors;
    return { inputs, outputs, lda, ld, ...panelled(outputs, inputs), weightOffset: weight.at, biasOffset: bias.at };
  });
  const depth = layers.length;
  const last = layers[depth - 1];
  const activations = definition.layers.map((layer) => (layer as DenseLayer).activation);
  const kind = lossCode(definition.loss.name, activations[depth - 1].name);
  const rate = model.rateAt(0);
  const target = engine.allocate(batchSize * last.ld * 4 + 64, 'targets');
  const scratchFloats = layers.map(({ inputs, outputs, lda, ld, panels }) => {
    return engine.kernels.scratchFloats(batchSize, inputs, outputs, lda, ld, panels);
  });
  const scratch = engine.allocate(Math.max(...scratchFloats) * 4 + 64, 'scratch');
  const place = (base: number, offset: number): number => base + offset * 4;

  const packed = (rows: number, ld: number, width: number): number => {
    k['packRows'](rows, ld, batchSize, width, scratch, 0, tilesOf(batchSize));
    return rowsAt(rows, batchSize, scratch);
  };

  const forward = (index: number): void => {
    const { inputs, outputs, lda, ld, panels, panelStride, weightOffset, biasOffset } = layers[index];
    const { x: input, z, a } = model.workspace.buffersOf(index);
    const [weight, bias] = [place(model.parametersAt, weightOffset), place(model.parametersAt, biasOffset)];
    if (panels) {
      const rows = packed(input, lda, inputs);
      k['gemmProduct'](rows, lda, weight, panelStride, bias, z, ld, batchSize, inputs, 0, panels);
    } else k['singleProduct'](input, lda, weight, bias, z, batchSize, inputs);
    const { name, parameter } = activations[index];
    if (name === 'softmax') k['softmax'](z, a, batchSize, outputs, ld);
    else {
      const bound = (name === 'sigmoid' ? SIGMOID_BOUNDS : BOUNDS)[index + 1 < depth ? 'hidden' : 'last'];
      k['activate'](ACTIVATIONS[name].code, z, a, batchSize * ld, parameter, bound);
    }
  };

  const backward = (index: number): void => {
    const { inputs, outputs, lda, ld, panels, panelStride, weightOffset, biasOffset } = layers[index];
    const { x: input, z, a, d } = model.workspace.buffersOf(index);
    const { name, parameter } = activations[index];
    const elementwise = name !== 'linear' && name !== 'softmax';
    if (elementwise) k['activateBackward'](ACTIVATIONS[name].code, z, a, d, batchSize * ld, parameter);
    else k['settle'](d, batchSize * ld, LEAST);
    const [weight, bias] = [place(model.gradientsAt, weightOffset), place(model.gradientsAt, biasOffset)];
    const below = index ? model.workspace.buffersOf(index - 1).d : 0;
    const own = place(model.parametersAt, weightOffset);
    if (panels) {
      k['columnSums'](d, ld, batchSize, panels * 8, bias, 0);
      const shape = [d, ld, weight, panelStride, batchSize, inputs, 0, panels, 0];
      if (wantsBlocks(batchSize, lda, ld, panels)) {
        k['packBlocks'](input, lda, batchSize, inputs, 0, scratch, 0, batchSize);
        k['gemmGradientBlocked'](scratch, ...shape, scratch + blockFloats(batchSize, inputs) * 4);
      } else k['gemmGradient'](input, lda, ...shape);
      if (below) {
        const columns = Math.ceil(inputs / 8);
        const strip = scratch + rowFloats(batchSize, outputs) * 4;
        k['gemmDelta'](packed(d, ld, outputs), ld, own, panelStride, outputs, below, lda, batchSize, 0, columns, strip);
      }
    } else {
      k['columnSum'](d, batchSize, bias, 0);
      k['singleGradient'](input, lda, d, weight, batchSize, inputs, 0);
      if (below) k['singleDelta'](d, own, below, lda, batchSize, inputs);
    }
  };

  const step = (batch: number): void => {
    const from = batch * batchSize;
    k['gatherRows'](source.x, layers[0].inputs, 0, from, batchSize, model.workspace.buffersOf(0).x, layers[0].lda);
    if (source.y) k['gatherRows'](source.y, last.outputs, 0, from, batchSize, target, last.ld);
    for (let index = 0; index < depth; index++) forward(index);
    const { z, a, d } = model.workspace.buffersOf(depth - 1);
    const labels = source.labels ? source.labels + from * 4 : 0;
    k['loss'](kind, z, a, labels ? 0 : target, labels, d, batchSize, last.outputs, last.ld, 0, 1 / batchSize);
    for (let index = depth - 1; index >= 0; index--) backward(index);
    k['sgd'](model.parametersAt, model.gradientsAt, 0, count, rate, 0, 0, 0, 0, 1, 0);
  };

  model.prepare(batchSize, source);
  engine.kernels.beginBatch(model.at, 0, batchSize, TRAIN);
  const end = (): void => {
    engine.release(target);
    engine.release(scratch);
    engine.release(model.at);
  };
  return { step, parameters: () => readTensors(model, model.parameters), end };
}
