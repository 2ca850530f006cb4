/** What the benchmark calls of TensorFlow.js. */
declare module '@tensorflow/tfjs-core' {
  export interface Tensor {
    dataSync(): Float32Array;
    dispose(): void;
  }
  type Axis = number | readonly number[];
  export function tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  export function tensor1d(values: Float32Array): Tensor;
  export function setBackend(name: string): Promise<boolean>;
  export function ready(): Promise<void>;
  export function tidy<T>(compute: () => T): T;
  export function matMul(a: Tensor, b: Tensor): Tensor;
  export function transpose(a: Tensor): Tensor;
  export function add(a: Tensor, b: Tensor): Tensor;
  export function sub(a: Tensor, b: Tensor): Tensor;
  export function mul(a: Tensor, b: Tensor | number): Tensor;
  export function square(a: Tensor): Tensor;
  export function sum(a: Tensor, axis?: Axis, keepDims?: boolean): Tensor;
  export function log(a: Tensor): Tensor;
  export function step(a: Tensor): Tensor;
  export function tanh(a: Tensor): Tensor;
  export function softmax(a: Tensor): Tensor;
  export namespace fused {
    function matMul(options: {
      a: Tensor;
      b: Tensor;
      bias: Tensor;
      activation?: 'linear' | 'relu' | 'sigmoid';
    }): Tensor;
  }
}
declare module '@tensorflow/tfjs-backend-cpu';
declare module '@tensorflow/tfjs-backend-wasm' {
  export function setWasmPaths(folder: string): void;
  export function setThreadsCount(threads: number): void;
}
