// Reads handwriting after seconds of training. Run it with: node --import tsx examples/digits.ts
// The folder `digits` beside this file holds the same with a command line and a report: npm start
import { createNetwork, dense } from 'chainrule';
import { loadTest, loadTraining } from './digits/mnist.js';

const [training, test] = [loadTraining(10_000), loadTest()]; // images: n × 784 values from 0 to 1; labels: n digits
const net = await createNetwork({ inputs: 784, layers: [dense(64, 'relu'), dense(10, 'softmax')], seed: 42 });

for await (const { number, loss, samplesPerSecond } of net.epochs(training.images, training.labels, { epochs: 3 })) {
  console.log(`epoch ${number}: loss ${loss.toFixed(3)}, ${Math.round(samplesPerSecond)} digits a second`);
}

const { accuracy } = net.evaluate(test.images, test.labels);
console.log(`right on ${(accuracy! * 100).toFixed(1)} % of ${test.count} digits that it has not seen`);

const probabilities = net.predict(test.images.subarray(0, 784)); // of the first digit: ten values
const guess = probabilities.indexOf(Math.max(...probabilities));
console.log(`the first is a ${test.labels[0]}, read as a ${guess} (${(probabilities[guess] * 100).toFixed(1)} % sure)`);
net.dispose();
