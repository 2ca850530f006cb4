// An autoencoder of two networks: the decoder's gradient goes on down through the encoder.
// Run it with: node --import tsx examples/autoencoder.ts
import { adam, createNetwork, dense } from 'chainrule';

/** 300 points in 8 dimensions on a curved surface: two numbers say where on it each lies. */
const x = Float32Array.from({ length: 300 * 8 }, (_, i) => {
  const [row, column] = [Math.floor(i / 8) + 1, i % 8];
  const [u, v] = [(row * 0.618034) % 1, (row * 0.754878) % 1]; // evenly over 0 to 1
  return Math.sin(3 * u + column) * Math.cos(2 * v - column);
});

const optimizer = adam({ rate: 0.01 });
const encoder = await createNetwork({ inputs: 8, layers: [dense(24, 'tanh'), dense(2)], optimizer, seed: 1 });
const decoder = await createNetwork({ inputs: 2, layers: [dense(24, 'tanh'), dense(8)], optimizer, seed: 2 });
const error = (): string => decoder.evaluate(encoder.predict(x), x).loss.toFixed(5);

console.log(`mean squared error before: ${error()}`);
for (let step = 0; step < 1500; step++) {
  const code = encoder.predict(x);
  const outputs = decoder.predict(code);
  // of each point's own cost, the mean of (a - x)^2 over its 8 outputs; backward averages over the points
  const dOutputs = outputs.map((a, i) => (2 * (a - x[i])) / 8);
  const upper = decoder.backward(code, dOutputs);
  const lower = encoder.backward(x, upper.inputs); // dC/dcode is what the encoder's outputs mean for the cost
  decoder.applyGradients(upper.parameters);
  encoder.applyGradients(lower.parameters);
}
console.log(`after ${encoder.steps} steps: ${error()}, from two numbers a point`);
encoder.dispose();
decoder.dispose();
