/** Programs that use the package's types, and every way of TypeScript's to find them. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** For a host of which TypeScript knows nothing: neither the DOM's types nor Node's. */
const BARE = `
import { adam, createNetwork, dense, provideKernels, provideWorker } from 'chainrule';
import type { Epoch, Gradients, Network, Numbers } from 'chainrule';
import kernels from 'chainrule/kernels.wasm';
import * as standalone from 'chainrule/standalone';

export async function run(): Promise<void> {
  provideKernels(kernels);
  provideKernels(new Uint8Array(8));
  provideWorker('worker.js');
  const layers = [dense(3, 'tanh'), dense(2, 'softmax')];
  const net: Network = await createNetwork({ inputs: 2, layers, optimizer: adam({ rate: 1e-3 }), threads: 'auto' });
  const inputs: Numbers[] = [
    new Int16Array(2),
    [1, 2],
    [[1, 2], new Float32Array(2), new Float64Array(2), new Uint8Array(2), new Uint8ClampedArray(2)],
  ];
  for (const x of inputs) net.predict(x);
  const into = new Float32Array(2);
  const filled: Float32Array = net.predict([1, 2], { into });
  const history: Epoch[] = await net.fit([[1, 2]], [1], { epochs: 2, validation: [[[1, 2]], [0]] });
  for await (const { number, loss } of net.epochs([[1, 2]], [1])) history.slice(number).map((epoch) => epoch.loss - loss);
  const each: Gradients[] = net.gradients([1, 2], [0], { each: true });
  const later: Float32Array = await net.predictAsync([1, 2]);
  const both = [await net.evaluateAsync([1, 2], [0]), await net.gradientsAsync([1, 2], [0], { each: true }), later];
  const loaded = await standalone.loadNetwork(net.save());
  loaded.setParameters(net.getParameters());
  loaded.dispose();
  // @ts-expect-error there is no such option
  await createNetwork({ inputs: each.length + both.length, layers, learningRate: filled[0] });
}
`;

/** With every kind of layers, inputs that have names, and gradients that are steered. */
const STEERED = `
import {
  activation,
  adamW,
  batchNorm,
  concat,
  createNetwork,
  dense,
  dropout,
  embedding,
  layerNorm,
  normalize,
  residual,
  scaled,
  sgd,
  topK,
} from 'chainrule';
import type { Averaging, BackwardGradients, Batch, Epoch, Layer, Measure, Metrics, Network, Parameters } from 'chainrule';

const block: Layer = residual([layerNorm({ epsilon: 1e-6 }), dense(8, 'relu', { rateScale: 0.5 }), dense(8)]);
const metrics: Metrics = ['f1', topK(2), { rows: (outputs: Float32Array) => outputs.length }];
const averages: Averaging[] = [{ from: 3 }, { decay: 0.99 }];

export async function run(): Promise<void> {
  const branches = { numbers: [normalize()], pixels: [], city: [embedding(100, 4, { trainable: false })] };
  const net: Network = await createNetwork({
    inputs: { numbers: 2, pixels: 4, city: 1 },
    layers: [concat(branches), dense(8), batchNorm({ momentum: 0.2 }), activation('relu'), block, dropout(0.1), dense(3, 'softmax')],
    optimizer: adamW({ weightDecay: 0.01, decay: 'weights' }),
  });
  const x = { numbers: [[1, 2]], pixels: scaled(new Uint8Array(4), 1 / 255), city: new Int32Array(1) };
  const y = Uint8Array.of(2);
  net.adapt(x);
  const history: Epoch[] = await net.fit(x, y, {
    ...{ sampleWeight: [1], classWeight: { 1: 3 }, validationSplit: 0.2, metrics },
    ...{ average: true, earlyStopping: { patience: 2 } },
  });
  for (const average of averages) await net.fit(x, y, { average, classWeight: [1, 2, 3], validation: [x, y, [1]] });
  const batches: Batch[] = [[x, y], [x, y, Float32Array.of(2)]];
  const epoch: Epoch = await net.fitBatches(batches, { validation: [x, y], metrics, average: { decay: 0.5 } });
  const measured: Measure[] = [net.evaluate(x, y, { metrics, sampleWeight: [1] }), await net.evaluateAsync(x, y, { metrics })];
  const f1: number | undefined = (history[0].metrics ?? epoch.validation?.metrics ?? measured[0].metrics)?.['f1'];
  const cost: number = net.trainBatch(x, (outputs, dOutputs) => (dOutputs[0] = outputs[0] + (f1 ?? 0)), { sampleWeight: [1] });
  net.trainBatch(x, (outputs, dOutputs) => void dOutputs.set(outputs));
  const back: BackwardGradients = net.backward(x, new Float64Array([cost, back0(net), 0]));
  const parameters: Parameters = back.parameters;
  net.applyGradients(parameters);
  net.applyGradients(net.gradients(x, y, { training: true, sampleWeight: [1], classWeight: [1, 1, 1] }).parameters);
  const folded: Network = await net.folded();
  folded.predict({ ...x, pixels: [back.norm, ...back.inputs] });
  // @ts-expect-error the gradient of a mean has no cost of each
  back.loss.toFixed();
  // @ts-expect-error there is no such metric
  net.evaluate(x, y, { metrics: ['f2'] });
  // @ts-expect-error a stream makes one epoch
  await net.fitBatches(batches, { average: { from: 2 } });
  // @ts-expect-error a table has rows of a size
  embedding(7);
  // @ts-expect-error names have numbers of columns
  await createNetwork({ inputs: { city: 'one' }, layers: [dense(1)], optimizer: sgd({ decay: 'weights' }) });
}

function back0(net: Network): number {
  return net.backward([1, 2], [0.5]).inputs[0];
}
`;

/** For a page. */
const PAGE = `
import { createNetwork, dense, provideKernels, provideWorker } from 'chainrule';

export async function run(signal: AbortSignal): Promise<void> {
  provideKernels(await fetch('kernels.wasm'));
  provideKernels(new URL('https://example.com/kernels.wasm'));
  provideKernels(await WebAssembly.compile(new Uint8Array(8)));
  provideWorker(new URL('https://example.com/worker.js'));
  const net = await createNetwork({ inputs: 1, layers: [dense(1)] });
  await net.fit([1], [1], { signal });
  await net.fit([1], [1], { signal: new AbortController().signal });
  const { inputs, parameters } = net.gradients([1], [1]);
  const tensors = Object.values(parameters).map(({ data }) => data);
  new Blob([net.save(), net.predict([1]), inputs, ...tensors]);
}
`;

/** With the declaration that frees what it declares. */
const USING = `
import { createNetwork, dense } from 'chainrule';

export async function run(): Promise<void> {
  using net = await createNetwork({ inputs: 1, layers: [dense(1)] });
  net.predict([1]);
}
`;

export interface Resolution {
  readonly module: string;
  readonly moduleResolution: string;
  /** How its files end. */
  readonly extensions: readonly string[];
}

export const RESOLUTIONS: readonly Resolution[] = [
  { module: 'commonjs', moduleResolution: 'node10', extensions: ['ts'] },
  { module: 'node16', moduleResolution: 'node16', extensions: ['mts', 'cts'] },
  { module: 'nodenext', moduleResolution: 'nodenext', extensions: ['mts', 'cts'] },
  { module: 'esnext', moduleResolution: 'bundler', extensions: ['ts'] },
];

export interface Program {
  readonly host: string;
  readonly text: string;
  /** What TypeScript is to know. */
  readonly lib: readonly string[];
}

export const PROGRAMS: readonly Program[] = [
  { host: 'bare', text: BARE, lib: ['es2022'] },
  { host: 'bare, steered', text: STEERED, lib: ['es2022'] },
  { host: 'page', text: PAGE, lib: ['es2022', 'dom'] },
  { host: 'using', text: USING, lib: ['es2022', 'esnext.disposable'] },
];

/** What a compiler says of a program, in a project that has the package installed. No complaint is ''. */
export async function complaints(
  compiler: string,
  version: string,
  project: string,
  { extensions, ...resolution }: Resolution,
  { text, lib }: Program,
): Promise<string> {
  await mkdir(join(project, 'types'), { recursive: true });
  const folder = await mkdtemp(join(project, 'types/'));
  const files = extensions.map((extension) => `program.${extension}`);
  for (const file of files) await writeFile(join(folder, file), text);
  const compilerOptions = {
    ...resolution,
    ...{ target: 'es2022', lib, types: [], strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    ...{ noEmit: true, ...(version.startsWith('6.') && { ignoreDeprecations: '6.0' }) },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  try {
    await execute(process.execPath, [compiler, '--project', folder]);
    return '';
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return stdout;
  }
}
