/**
 * The lesson: scenes that walk through the chain rule. Each is the page itself in a prepared state, asks for a prediction,
 * and then says why. The texts are also in the built page, for readers without JavaScript.
 */
import type { Part } from '../session/factors.js';
import type { Lens } from '../training/protocol.js';

export interface Scene {
  readonly title: string;
  readonly says: readonly string[];
  readonly question: string;
  readonly choices: readonly string[];
  /** Which choice is right; some depend on the numbers. */
  readonly right: number | ((lens: Lens) => number);
  /** Why, once a choice has been made. */
  readonly because: string;
  /** What the page shows, as an address. */
  readonly state: string;
  /** What the panel keeps to itself until then. */
  readonly hides: readonly Part[];
}

const CHAIN = 'data=gauss&layers=1-tanh.1-tanh&steps=40&example=4&seed=3';
const WIDE = 'data=xor&layers=4-tanh.3-tanh&steps=100&example=3';

export const SCENES: readonly Scene[] = [
  {
    title: 'One neuron in each layer',
    says: [
      'This network is a chain. A neuron takes the activation a of the one before, multiplies it by a weight w and adds a bias b: that is z. Then it bends z by its function: its own a is tanh(z), or sigmoid(z) at the very end. The first neuron has two inputs before it, each other one neuron. The last a is held against the target y, and how far they are apart is the cost C₀.',
      'The weight that is picked leads into the last neuron. We want to know one thing of it: what does the cost do when w changes a little?',
    ],
    question: 'If w grows a little, what changes first?',
    choices: ['the cost C₀', 'the activation a', 'the sum z'],
    right: 2,
    because:
      'w is used in z = w · a + b and nowhere else. z moves a, and a moves the cost: w reaches C₀ by that way alone.',
    state: `${CHAIN}&weight=2-0-0`,
    hides: [],
  },
  {
    title: 'A nudge runs along the chain',
    says: [
      'Now the weight before that, between the two tanh neurons. Add a little to it, Δw. z changes by Δw times what comes in, for that is what w is multiplied by. Then a changes by Δz times the slope of tanh at this place; and the cost by Δa times its own slope.',
      'Further down, under “Nudge the weight”, you can add it by hand: beside what this predicts stands what really happens.',
    ],
    question: 'What comes in is a = ∂z/∂w. If it were twice as large, what would the same nudge of w do to z?',
    choices: ['the same', 'twice as much', 'half as much'],
    right: 1,
    because:
      'Δz = a · Δw. A weight on a connection that carries much has much influence; on one that carries 0 it has none.',
    state: `${CHAIN}&weight=1-0-0`,
    hides: [],
  },
  {
    title: 'Three factors, one product',
    says: [
      'Each link of the chain has its ratio: ∂z/∂w is how much z moves for a nudge of w, ∂a/∂z how much a moves for a nudge of z, ∂C₀/∂a how much the cost moves for a nudge of a.',
      'A nudge goes through all three, one after the other. So the ratios are multiplied. That is the chain rule: ∂C₀/∂w = ∂z/∂w · ∂a/∂z · ∂C₀/∂a.',
    ],
    question: 'Look at the signs of the three factors. What is the sign of ∂C₀/∂w?',
    choices: ['above 0: more of w raises the cost', 'below 0: more of w lowers the cost'],
    right: ({ explanation }) => Number((explanation.weight?.derivative ?? 0) < 0),
    because:
      'Each factor below 0 turns the sign round once. The slope of tanh is never below 0, so the first and the last decide.',
    state: `${CHAIN}&weight=1-0-0`,
    hides: ['product'],
  },
  {
    title: 'All examples: the average',
    says: [
      'So far there was one example. But one network has to do for all of them, so its cost C is the average of the costs: C = (C₁ + … + Cₙ) / n. It is an average and not a sum so that it means the same for ten examples and for a thousand.',
      'Nudge w, and every example’s cost moves by its own derivative. Their average moves by the average of these. Each bar is one example: some want w larger, others smaller, and the dashed line is what they agree on.',
      'Every weight and every bias has such a number. All of them together are the gradient.',
    ],
    question: 'One example’s derivative is −4, three others have 1 each. What is ∂C/∂w?',
    choices: ['−1', '−0.25', '−4, the largest'],
    right: 1,
    because: '(−4 + 1 + 1 + 1) / 4 = −0.25. One example that cries loudly can outvote three that are nearly content.',
    state: `${CHAIN}&weight=1-0-0&scope=all`,
    hides: [],
  },
  {
    title: 'The bias, and the activation before',
    says: [
      'z = w · a + b has two more that can be nudged. For the bias b the first factor is another one, and the other two are the same: ∂C₀/∂b = ∂z/∂b · ∂a/∂z · ∂C₀/∂a. The last two together are called δ = ∂C₀/∂z.',
      'And the activation before: ∂C₀/∂a of the neuron before is ∂z/∂a · δ. We can’t set an activation, but it is made by weights further back; so this number is what carries the chain on.',
    ],
    question: 'z = w · a + b. What are ∂z/∂b and ∂z/∂a?',
    choices: ['b and a', '1 and w', '0 and a'],
    right: 1,
    because:
      'b is added as it is: z moves as much as b does. a is multiplied by w. So ∂C₀/∂b = δ, and what runs back is w · δ.',
    state: `${CHAIN}&weight=2-0-0`,
    hides: [],
  },
  {
    title: 'Back through the layers',
    says: [
      'The weight that is picked now is the first. Its third factor, ∂C₀/∂a, is the w · δ of the neuron behind; that neuron’s δ comes from the one behind it in turn. So δ is worked out from the back to the front, layer by layer: backpropagation.',
      'In the picture the arrows point back; of each layer’s, the widest carries the largest w · δ. To the left of each neuron stands its δ, to the right its a.',
    ],
    question:
      'On the way to the front, δ is multiplied by w and by a slope at each layer. Slopes of tanh are 1 at most. What if there are many layers with small weights?',
    choices: ['δ grows', 'δ stays as it is', 'δ shrinks towards 0'],
    right: 2,
    because:
      'A product of many numbers below 1 comes near 0: the gradient vanishes, and the first layers hardly learn. Weights above 1 can make it explode instead.',
    state: `${CHAIN}&weight=0-0-0`,
    hides: [],
  },
  {
    title: 'Many neurons, many paths',
    says: [
      'Here each layer has several neurons, so weights get two indices: wⱼₖ leads from neuron k to neuron j. The factors are the same. But the activation of the picked weight’s neuron is now read by every neuron of the next layer.',
      'Nudge it, and all their z move. Each of them moves the cost a little, on its own path. The paths are lit.',
    ],
    question: 'Three paths carry w · δ = 0.3, −0.1 and 0.2. What is ∂C₀/∂a?',
    choices: ['0.4, their sum', '0.3, the largest', '−0.006, their product'],
    right: 0,
    because:
      'Along a path factors are multiplied, for one change causes the next. Across paths the changes happen side by side, and small changes add up: 0.3 − 0.1 + 0.2 = 0.4.',
    state: `${WIDE}&weight=0-1-1`,
    hides: [],
  },
  {
    title: 'A step downhill',
    says: [
      'Now we know for every weight which way the cost goes. Each of them goes a little the other way: w ← w − rate · ∂C/∂w. Here a step takes all examples, and the rate is 0.5.',
      'Make your prediction, then press “step” above. The connections show this step’s change.',
    ],
    question: 'Look at ∂C/∂w. Which way will the step move this w?',
    choices: ['up', 'down'],
    right: ({ gradient }) => Number((gradient?.derivative ?? 0) > 0),
    because:
      'Against the derivative: where it is below 0, up, and where it is above 0, down. The cost goes down, if the step is not too long. Then everything is worked out anew, some thousand times: that is all of learning.',
    state: `${WIDE}&weight=0-1-1&scope=all&shows=change&optimizer=sgd&rate=0.5&batchSize=350`,
    hides: [],
  },
];

/** The last stop: exercises. */
export const PRACTICE = {
  title: 'Practice',
  says: 'One of the numbers is missing: work it out from the others. They are this network’s own.',
  state: `${WIDE}&weight=0-1-1`,
};

/** The address of a scene, counted from 1; the one after the last is practice. */
export function sceneHash(scene: number): string {
  return `#${(SCENES[scene - 1] ?? PRACTICE).state}&lesson=${scene}`;
}
