// What a program does before its first step is done: import, create, train. Plain JavaScript: no loader is timed.
import { createNetwork, dense, sgd } from 'chainrule';

const network = await createNetwork({
  inputs: 784,
  layers: [dense(128, 'relu'), dense(10, 'softmax')],
  optimizer: sgd({ rate: 0.001 }),
  seed: 1,
});
network.trainBatch(new Float32Array(32 * 784), new Int32Array(32));
network.dispose();
