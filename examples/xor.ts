// XOR in five lines. Run it with: node --import tsx examples/xor.ts
import { createNetwork, dense } from 'chainrule';

const x = Float32Array.of(...[0, 0], ...[0, 1], ...[1, 0], ...[1, 1]); // four examples of two values
const y = [0, 1, 1, 0];
const net = await createNetwork({ inputs: 2, layers: [dense(8, 'tanh'), dense(1, 'sigmoid')], seed: 1 });
await net.fit(x, y, { epochs: 3000, batchSize: 4 });
console.log(Array.from(net.predict(x), (a) => a.toFixed(2))); // close to 0, 1, 1, 0
