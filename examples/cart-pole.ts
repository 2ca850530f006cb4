// Balances a pole by deep Q-learning: what each push is worth is learnt by a loss of the example's own.
// Run it with: node --import tsx examples/cart-pole.ts
import { adam, createNetwork, dense } from 'chainrule';
import { MOST_PUSHES, play, randomNumbers, type State, type Step } from './cart-pole/physics.js';

const random = randomNumbers(1);
const options = { inputs: 4, layers: [dense(64, 'relu'), dense(64, 'relu'), dense(2)], seed: 1 };
const net = await createNetwork({ ...options, optimizer: adam({ rate: 1e-3 }) });
const still = await createNetwork(options); // follows now and then, so that the goals do not move with each step
const memory: Step[] = [];

/** Pushes to where the network sees more worth, or, a share `explore` of the time, anywhere. */
const pushing = (explore: number) => (state: State) => {
  const [left, right] = net.predict([state]);
  return random() < explore ? Math.floor(2 * random()) : Number(right > left);
};

function learn(step: Step): void {
  memory.push(step);
  const batch = Array.from({ length: 64 }, () => memory[Math.floor(memory.length * random())]);
  const later = still.predict(batch.map(({ next }) => next));
  const goals = batch.map(({ over }, i) => (over ? 1 : 1 + 0.98 * Math.max(later[2 * i], later[2 * i + 1])));
  const states = batch.map(({ state }) => state);
  net.trainBatch(states, (worth, dWorth) => {
    const pushed = batch.map(({ action }, i) => 2 * i + action); // the other push is not judged: its slope stays 0
    pushed.forEach((at, i) => (dWorth[at] = Math.max(-1, Math.min(1, worth[at] - goals[i]))));
  });
  if (net.steps % 200 === 0) still.setParameters(net.getParameters());
}

let average = 0; // of 100 episodes without exploring
for (let episode = 1; average < 195 && net.steps < 50000; episode++) {
  play(random, pushing(Math.max(0.02, 1 - net.steps / 1500)), learn);
  if (episode % 10) continue;
  average = Array.from({ length: 100 }, () => play(random, pushing(0))).reduce((a, b) => a + b) / 100;
}
console.log(`after ${net.steps} steps the pole stands for ${average.toFixed(1)} of ${MOST_PUSHES} pushes`);
for (const network of [net, still]) network.dispose();
