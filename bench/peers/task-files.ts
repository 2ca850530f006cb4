/** Hands a task to other processes as files. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workload } from '../workloads.js';
import type { Task } from './adapter.js';

/** task.json is the workload; the numbers are raw and little-endian: float32, but int32 where y is classes. */
export async function writeTask(folder: string, { workload, x, y, parameters }: Task): Promise<void> {
  await writeFile(join(folder, 'task.json'), JSON.stringify(workload));
  await writeFile(join(folder, 'x.bin'), x);
  await writeFile(join(folder, 'y.bin'), y);
  for (const [l, { weights, biases }] of parameters.entries()) {
    await writeFile(join(folder, `weights${l}.bin`), weights);
    await writeFile(join(folder, `biases${l}.bin`), biases);
  }
}

export async function readTask(folder: string): Promise<Task> {
  const workload = JSON.parse(await readFile(join(folder, 'task.json'), 'utf8')) as Workload;
  const floats = async (name: string): Promise<Float32Array> => new Float32Array(await readBuffer(folder, name));
  return {
    workload,
    x: await floats('x'),
    y: workload.loss === 'crossEntropy' ? new Int32Array(await readBuffer(folder, 'y')) : await floats('y'),
    parameters: await Promise.all(
      workload.layers.map(async (_, l) => ({
        weights: await floats(`weights${l}`),
        biases: await floats(`biases${l}`),
      })),
    ),
  };
}

async function readBuffer(folder: string, name: string): Promise<ArrayBuffer> {
  const bytes = await readFile(join(folder, `${name}.bin`));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
