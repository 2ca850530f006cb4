/**
 * Three networks that are trained from a seed, and the SHA-256 of what they become. Plain JavaScript without imports:
 * this file runs in every runtime that the package is for. `chainrule` is the package, however it was loaded.
 */

/** The networks by name. What is recorded of them is in ../hashes.json. */
export const networks = ({ adam, dense, rmsProp, sgd }) => ({
  '4-16-16-3 tanh, adam': {
    inputs: 4,
    layers: [dense(16, 'tanh'), dense(16, 'tanh'), dense(3)],
    optimizer: adam({ rate: 0.01 }),
  },
  '64-48-10 relu and softmax, momentum': {
    inputs: 64,
    layers: [dense(48, 'relu'), dense(10, 'softmax')],
    optimizer: sgd({ rate: 0.1, momentum: 0.9, nesterov: true }),
    clipNorm: 1,
  },
  '17-33-21-12-9 gelu, elu, silu and sigmoid, rmsProp': {
    inputs: 17,
    layers: [dense(33, 'gelu'), dense(21, 'elu'), dense(12, 'silu'), dense(9, 'sigmoid')],
    optimizer: rmsProp({ rate: 0.002, momentum: 0.5, centered: true }),
  },
});

/** Trains each network for 300 steps, in batches of 32 and a rest of 3. */
export async function trainNetworks(chainrule) {
  const trained = {};
  for (const [name, options] of Object.entries(networks(chainrule))) trained[name] = await train(chainrule, options);
  return trained;
}

async function train({ createNetwork }, options) {
  const net = await createNetwork({ ...options, seed: 2024, numerics: 'reproducible' });
  const [inputs, outputs] = [numbers(99 * net.inputs, 1), numbers(99 * net.outputs, 2)];
  // rows of numbers from 0 whose sum is 1 at most: targets that suit any loss
  const targets = outputs.map((value) => Math.abs(value) / net.outputs);
  const history = await net.fit(inputs, targets, { epochs: 75, batchSize: 32 });
  const sha256 = await hash(Object.values(net.getParameters()));
  const { steps } = net;
  net.dispose();
  return { steps, firstLoss: history[0].loss, lastLoss: history.at(-1).loss, sha256 };
}

/** `count` float32 numbers in [-1, 1) (mulberry32): integers and one exact division, so the same everywhere. */
function numbers(count, seed) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

/** All weights and biases in their order, as one stretch of bytes. */
async function hash(tensors) {
  const parts = tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
