// Fits a noisy curve, and stops once it no longer gets better on examples that it does not learn from.
// Run it with: node --import tsx examples/regression.ts
import { adam, createNetwork, dense } from 'chainrule';

/** `count` points of y = sin(3x), with noise from -0.2 to 0.2 that is the same in each run. */
function sample(count: number, first: number): [x: Float32Array, y: Float32Array] {
  const spread = (i: number, step: number): number => 2 * ((i * step) % 1) - 1; // evenly over -1 to 1
  const x = Float32Array.from({ length: count }, (_, i) => spread(first + i, 0.618034));
  return [x, x.map((value, i) => Math.sin(3 * value) + 0.2 * spread(first + i, 0.754878))];
}

const [x, y] = sample(60, 1);
const validation = sample(40, 61);

const net = await createNetwork({
  inputs: 1,
  layers: [dense(24, 'tanh'), dense(24, 'tanh'), dense(1)], // the last is linear, so the loss is mse
  optimizer: adam({ rate: 0.01 }),
  seed: 3,
});
const history = await net.fit(x, y, {
  epochs: 2000,
  batchSize: 20,
  validation,
  earlyStopping: { patience: 100 }, // the weights of the best epoch are put back
});

const best = history.reduce((a, b) => (b.validation!.loss < a.validation!.loss ? b : a));
console.log(`stopped after ${history.length} of 2000 epochs; the best was ${best.number}`);
console.log(`validation loss ${net.evaluate(...validation).loss.toFixed(4)}; the noise alone is 0.0133`);
console.log(`at 0.5: ${net.predict([[0.5]])[0].toFixed(2)}, and sin(1.5) is ${Math.sin(1.5).toFixed(2)}`);
net.dispose();
