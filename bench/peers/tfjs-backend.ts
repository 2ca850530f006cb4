/** Starts a backend of TensorFlow.js, on one thread. */
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

export async function loadTfjsBackend(name: string): Promise<void> {
  setThreadsCount(1);
  await tf.setBackend(name);
  await tf.ready();
}

/** Where a page finds the backend's wasm files; Node finds them by itself. */
export function locateTfjsFiles(folder: string): void {
  setWasmPaths(folder);
}
