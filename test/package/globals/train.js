/** Trains in a realm that lacks the globals which are named by its arguments: test/package/globals.slow.test.ts runs it. */
const { log } = console;
const [library, ...missing] = process.argv.slice(2);
for (const name of missing) delete globalThis[name];

const { createNetwork, dense, loadNetwork } = await import(library);
const x = Float32Array.from({ length: 40 * 3 }, (_, i) => ((i * 7) % 11) / 11);
const y = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
const options = { inputs: 3, layers: [dense(70, 'tanh'), dense(2, 'softmax')], threads: 2 };
const net = await createNetwork({ ...options, seed: 7 });
await net.fit(x, y, { epochs: 4, batchSize: 16, validation: [x, y], onBatch: async () => undefined });
const loaded = await loadNetwork(net.save());
await loaded.fit(x, y);
const drawn = await createNetwork(options);
drawn.predict(x);
drawn.dispose();
net.dispose();
log(
  JSON.stringify({
    file: Array.from(loaded.save()),
    steps: loaded.steps,
    left: missing.filter((name) => name in globalThis),
  }),
);
