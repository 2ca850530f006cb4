/** ONNX Runtime on one thread. `variant` is `web`, in WebAssembly, or `node`, native. */
import type { Predictor, Task } from '../adapter.js';
import { encodeOnnx } from '../onnx.js';

interface Runtime {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;
  readonly InferenceSession: { create(model: Uint8Array, options: SessionOptions): Promise<InferenceSession> };
  readonly env: { readonly wasm: { numThreads: number } };
}

interface Tensor {
  readonly data: Float32Array;
}

interface SessionOptions {
  readonly executionProviders: readonly string[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
}

interface InferenceSession {
  run(feeds: { x: Tensor }): Promise<{ y: Tensor }>;
}

export async function createPredictor(task: Task, batchSize: number, variant = 'web'): Promise<Predictor> {
  const ort = (await import(`onnxruntime-${variant}`)) as Runtime;
  const options = {
    executionProviders: [variant === 'web' ? 'wasm' : 'cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  };
  if (variant === 'web') ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(encodeOnnx(task, batchSize), options);
  const { inputs, rows } = task.workload;
  const size = batchSize * inputs;
  const batches = Array.from({ length: rows / batchSize }, (_, i) => {
    return { x: new ort.Tensor('float32', task.x.slice(i * size, (i + 1) * size), [batchSize, inputs]) };
  });
  return {
    async predict(index) {
      const { y } = await session.run(batches[index]);
      return y.data;
    },
  };
}
