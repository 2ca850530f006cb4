/** What the benchmark calls of jax-js. A function takes ownership of its arguments: `ref` is one more reference. */
declare module '@jax-js/jax' {
  export interface Array {
    readonly ref: Array;
    reshape(shape: readonly number[]): Array;
    add(other: Array | number): Array;
    sub(other: Array | number): Array;
    mul(other: Array | number): Array;
    sum(): Array;
    item(): number;
    dataSync(): Float32Array;
    dispose(): void;
  }
  export interface Layer {
    readonly weights: Array;
    readonly biases: Array;
  }
  export type Parameters = Layer[];
  type Loss = (parameters: Parameters, x: Array, y: Array) => Array;
  export function init(device: 'wasm'): Promise<unknown>;
  export function defaultDevice(device: 'wasm'): void;
  export function jit<F>(compute: F): F;
  export function valueAndGrad(loss: Loss): (parameters: Parameters, x: Array, y: Array) => [Array, Parameters];
  export const tree: { ref<T>(of: T): T; dispose(of: unknown): void };
  export const numpy: {
    array(values: Float32Array): Array;
    matmul(a: Array, b: Array): Array;
    square(a: Array): Array;
    tanh(a: Array): Array;
  };
  export const nn: {
    relu(z: Array): Array;
    sigmoid(z: Array): Array;
    softmax(z: Array): Array;
    logSoftmax(z: Array): Array;
  };
}
