// Trains in a worker, which reports its progress and can be stopped. Run it with: node examples/worker.js
// In a browser it is the same with new Worker(url, { type: 'module' }), addEventListener('message', ...) and event.data.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createNetwork, dense, loadNetwork } from 'chainrule';

const x = Array.from({ length: 200 }, (_, i) => [Math.sin(i), Math.cos(2 * i)]);
const y = x.map(([a, b]) => (a * b > 0 ? 1 : 0)); // do the signs agree?

async function train() {
  const stop = new AbortController();
  parentPort.once('message', () => stop.abort()); // arrives while it trains: it gives way every 10 ms
  const net = await createNetwork({ inputs: 2, layers: [dense(16, 'tanh'), dense(1, 'sigmoid')], seed: 1 });
  try {
    for await (const epoch of net.epochs(x, y, { epochs: 1_000_000, signal: stop.signal })) {
      parentPort.postMessage({ epoch });
    }
  } catch (error) {
    if (error !== stop.signal.reason) throw error; // one that was stopped is whole, at its last step
  }
  parentPort.postMessage({ file: net.save() });
}

async function show(worker, { epoch, file }) {
  if (epoch) {
    if (epoch.number % 50 === 0) console.log(`epoch ${epoch.number}: loss ${epoch.loss.toFixed(3)}`);
    if (epoch.loss < 0.1) worker.postMessage('stop');
  } else {
    const net = await loadNetwork(file);
    console.log(`stopped after ${net.steps} steps: right on ${net.evaluate(x, y).accuracy * 100} %`);
  }
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', (message) => void show(worker, message));
} else {
  await train();
}
