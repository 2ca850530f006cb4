// Which example pulls hardest at the weights, and by which factors of the chain rule? One label here is wrong on purpose.
// Run it with: node --import tsx examples/explain.ts
import { adam, createNetwork, dense } from 'chainrule';

const x = Array.from({ length: 40 }, (_, i) => [Math.cos(i), Math.sin(i)]); // points on a circle
const y = x.map(([, height]) => (height > 0 ? 1 : 0)); //                             is it in the upper half?
y[14] = 0; //                                                                           the wrong label

const net = await createNetwork({
  inputs: 2,
  layers: [dense(3, 'tanh'), dense(3, 'tanh'), dense(1, 'sigmoid')],
  optimizer: adam({ rate: 0.02 }),
  seed: 5,
});
await net.fit(x, y, { epochs: 50, batchSize: 20 });

const gradients = net.gradients(x, y, { each: true }); // one for each example; they average to net.gradients(x, y)
const norms = gradients.map(({ norm }) => norm);
const hardest = norms.indexOf(Math.max(...norms));
console.log(`example ${hardest} pulls hardest: its gradient has the length ${norms[hardest].toFixed(2)}`);

const { loss, layers, weight, activation } = net.explain(x[hardest], y[hardest], {
  weight: { layer: 0, j: 2, k: 1 }, //     w_21: from input 1 to neuron 2 of the first layer
  activation: { layer: 1, k: 2 }, //       that neuron's output, and all its ways to the cost
});
console.log(
  `its cost is ${loss.toFixed(3)}: the network says ${layers.at(-1)!.a[0].toFixed(2)}, the label ${y[hardest]}`,
);
console.log(`∂C0/∂w_21 = a_k · σ'(z_j) · ∂C0/∂a_j`);
console.log(`          = ${[weight!.input, weight!.slope, weight!.dA].map((factor) => factor.toFixed(3)).join(' · ')}`);
console.log(`          = ${weight!.derivative.toFixed(3)}`);
for (const { j, weight: w, delta, product } of activation!.paths) {
  console.log(`path through neuron ${j}: ${w.toFixed(3)} · ${delta.toFixed(3)} = ${product.toFixed(3)}`);
}
console.log(`they sum to ${activation!.sum.toFixed(3)}: ∂C0/∂a_j above`);
net.dispose();
