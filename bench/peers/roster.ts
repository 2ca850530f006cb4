/** Who takes part. */
import { join } from 'node:path';
import type { Command } from './contestant-process.js';

export interface Peer {
  readonly name: string;
  /** A file of adapters/: `.ts` for Node, `.py` for Python. */
  readonly adapter: string;
  readonly variant?: string;
  /** The package whose version is reported. */
  readonly package?: string;
  readonly trains: boolean;
  readonly predicts: boolean;
}

export const OURS = 'chainrule';

const both = { trains: true, predicts: true };
const trains = { trains: true, predicts: false };
const predicts = { trains: false, predicts: true };

export const PEERS: readonly Peer[] = [
  { name: OURS, adapter: 'chainrule.ts', variant: 'reproducible', ...both },
  { name: 'chainrule, fused', adapter: 'chainrule.ts', variant: 'fused', ...both },
  { name: 'chainrule, wide', adapter: 'wide.ts', variant: 'reproducible', ...both },
  { name: 'chainrule, wide, fused', adapter: 'wide.ts', variant: 'fused', ...both },
  { name: 'pure TypeScript', adapter: 'pure-ts.ts', ...both },
  { name: 'jax-js', adapter: 'jax-js.ts', package: '@jax-js/jax', ...both },
  { name: 'TensorFlow.js wasm', adapter: 'tfjs.ts', variant: 'wasm', package: '@tensorflow/tfjs-core', ...both },
  { name: 'TensorFlow.js cpu', adapter: 'tfjs.ts', variant: 'cpu', package: '@tensorflow/tfjs-core', ...both },
  { name: 'brain.js 1', adapter: 'brain.ts', variant: '1', package: 'brain.js-1', ...trains },
  { name: 'brain.js 2', adapter: 'brain.ts', variant: '2', package: 'brain.js-2', ...trains },
  { name: 'synaptic', adapter: 'synaptic.ts', package: 'synaptic', ...trains },
  { name: 'convnetjs', adapter: 'convnetjs.ts', package: 'convnetjs', ...trains },
  { name: 'ml-fnn', adapter: 'ml-fnn.ts', package: 'ml-fnn', ...trains },
  { name: 'onnxruntime-web', adapter: 'onnxruntime.ts', variant: 'web', package: 'onnxruntime-web', ...predicts },
  { name: 'onnxruntime-node', adapter: 'onnxruntime.ts', variant: 'node', package: 'onnxruntime-node', ...predicts },
  { name: 'PyTorch', adapter: 'pytorch.py', ...both },
  { name: 'NumPy', adapter: 'numpy_hand.py', ...both },
];

/** By parts of their names, such as `jax, torch`. The library itself always takes part: the ratios need it. */
export function selectPeers(text: string): readonly Peer[] {
  const parts = text.split(',').map((part) => part.trim().toLowerCase());
  const matches = ({ name }: Peer, part: string): boolean => name.toLowerCase().includes(part);
  const unknown = parts.find((part) => !PEERS.some((peer) => matches(peer, part)));
  if (unknown !== undefined) {
    throw new RangeError(
      `no peer is called "${unknown}": expected some of ${PEERS.map(({ name }) => name).join(', ')}`,
    );
  }
  return PEERS.filter((peer) => peer.name === OURS || parts.some((part) => matches(peer, part)));
}

/** How the process of a peer is started on the task in `folder`. */
export function commandOf({ adapter, variant }: Peer, folder: string, python: string): Command {
  const [name, extension] = adapter.split('.');
  if (extension === 'py') return { program: python, args: [join(import.meta.dirname, 'host.py'), folder, name] };
  return {
    program: process.execPath,
    args: [...process.execArgv, join(import.meta.dirname, 'host.ts'), folder, name, ...(variant ? [variant] : [])],
  };
}
