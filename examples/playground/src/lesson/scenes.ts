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
      'An example is a point: inputs x1 and x2, and a target y, 1 for blue and 0 for orange. Each neuron of this chain multiplies the activation a of the one before by a weight w and adds a bias b: that is z. (The first has two inputs and two weights.) Then it bends z: its own a is tanh(z), or sigmoid(z) in the last one. The cost C₀ says how far the last a is from y.',
      'The picked weight, outlined in the picture, leads from neuron 2·1, the first of layer 2, into the last one. What does the cost do when this weight alone changes a little? That is the derivative ∂C₀/∂w in the panel on the right, with a round ∂ since C₀ depends on other weights too.',
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
      'Now the weight before that, between the two tanh neurons. Add a little to it, Δw. z changes by Δw times what comes in, the a of the neuron before, for that is what w is multiplied by. Then the neuron’s own a changes by Δz times the slope of tanh at this z; and the cost, through the last neuron, by Δa times a slope again. These three numbers stand in the panel, one below the other.',
      'Further down, under “Nudge the weight”, you can add it by hand: beside the change that they predict stands the one that is measured.',
    ],
    question:
      'What comes in, the a of neuron 1·1, is ∂z/∂w. If it were twice as large, what would the same nudge of w do to z?',
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
      'The same weight with another example, an orange one. Each link of the chain has its ratio: ∂z/∂w is how much z moves for a nudge of w, ∂a/∂z how much the neuron’s own a moves for a nudge of z, ∂C₀/∂a how much the cost moves for a nudge of that a. (Scene 5 says why the panel calls the last one w · δ.)',
      'A nudge goes through all three, one after the other, and each scales what the one before hands on. So the ratios are multiplied. That is the chain rule: ∂C₀/∂w = ∂z/∂w · ∂a/∂z · ∂C₀/∂a.',
    ],
    question: 'Look at the signs of the three factors. What is the sign of ∂C₀/∂w?',
    choices: ['above 0: more of w raises the cost', 'below 0: more of w lowers the cost'],
    right: ({ explanation }) => Number((explanation.weight?.derivative ?? 0) < 0),
    because:
      'Each factor below 0 turns the sign round once. The slope of tanh is never below 0, so the first and the last decide.',
    // another example than before, whose product nobody has seen yet
    state: `${CHAIN.replace('example=4', 'example=7')}&weight=1-0-0`,
    hides: ['product'],
  },
  {
    title: 'All examples: the average',
    says: [
      'So far C₀ was the cost of one example. What helps this one may harm another, and one network has to do for all of them; so its cost C is the average of theirs, (C₁ + … + Cₙ)/n. It is an average and not a sum so that it means the same for ten examples and for a thousand.',
      'Nudge w, and every example’s cost moves by its own derivative. Their average moves by the average of these. Each bar is one example’s derivative: those above 0 want w smaller, those below 0 want it larger, and the dashed line is the average, ∂C/∂w.',
      'Every weight and every bias has such a number. All of them together are the gradient.',
    ],
    question: 'Suppose there are four examples: one’s derivative is −4, the others’ are 1 each. What is ∂C/∂w?',
    choices: ['−1', '−0.25', '−4, the largest'],
    right: 1,
    because: '(−4 + 1 + 1 + 1) / 4 = −0.25. One example with a large derivative can outweigh three with small ones.',
    state: `${CHAIN}&weight=1-0-0&scope=all`,
    hides: [],
  },
  {
    title: 'The bias, and the activation before',
    says: [
      'z = w · a + b has two more that can be nudged. For the bias b the first factor is another one, and the other two are the same: ∂C₀/∂b = ∂z/∂b · ∂a/∂z · ∂C₀/∂a. The product of those two is called δ: it is ∂C₀/∂z, how much the cost moves for a nudge of z.',
      'And the activation a that comes in: its ∂C₀/∂a is ∂z/∂a · δ. We can’t set an activation, but weights further back make it; so this number carries the chain on. It was the third factor in scene 2.',
    ],
    question: 'z = w · a + b. What are ∂z/∂b and ∂z/∂a?',
    choices: ['b and a', '1 and w', '0 and a'],
    right: 1,
    because:
      'b is added as it is: z moves as much as b does. a is multiplied by w. So ∂C₀/∂b = δ, in the panel the second number times the third, and what runs back is w · δ.',
    state: `${CHAIN}&weight=2-0-0`,
    hides: [],
  },
  {
    title: 'Back through the layers',
    says: [
      'The weight that is picked now leads from x1 into the first neuron. Its third factor, ∂C₀/∂a, is w · δ, with the w and the δ of the next neuron; that δ needs the w · δ of the one after it, and so on until the cost. So the δ are worked out from the end to the beginning, layer by layer: backpropagation.',
      'In the picture the arrows point back, blue where w · δ is above 0 and orange where it is below. The small bar to the left of each neuron is its δ, the one to the right its a.',
    ],
    question:
      'On the way back, δ is multiplied by a w and by a slope at each layer. Slopes of tanh are 1 at most. What if there are many layers with small weights?',
    choices: ['δ grows', 'δ stays as it is', 'δ shrinks towards 0'],
    right: 2,
    because:
      'A product of many numbers below 1 comes near 0: the gradient vanishes, and the first layers hardly learn. Large weights can make it explode instead.',
    state: `${CHAIN}&weight=0-0-0`,
    hides: [],
  },
  {
    title: 'Many neurons, many paths',
    says: [
      'Here each layer has several neurons, so a weight gets two indices: wⱼₖ leads from neuron k to neuron j. The factors are the same. But the neuron that the picked weight leads into now hands its a to every neuron of the next layer.',
      'Nudge that a, and all their z move. Each of them moves the cost a little, on its own path. The paths are lit; the widest in a layer carries its largest w · δ.',
    ],
    question: 'Say w · δ is 0.3, −0.1 and 0.2 on three paths. What is ∂C₀/∂a?',
    choices: ['0.4, their sum', '0.3, the largest', '−0.006, their product'],
    right: 0,
    because:
      'Along a path factors are multiplied, for one change causes the next. Across paths the changes happen side by side, and small changes add up: 0.3 − 0.1 + 0.2 = 0.4. The panel’s Σ is such a sum; its three numbers stand further down, under “Every path”.',
    state: `${WIDE}&weight=0-1-1`,
    hides: [],
  },
  {
    title: 'A step downhill',
    says: [
      'Now we know for every weight which way the cost goes. Each of them goes a little the other way: w ← w − rate · ∂C/∂w. Here a step takes all examples, and the rate is 0.5.',
      'Make your prediction, then press “step” above and watch w, below ∂C/∂w in the panel. The connections in the picture show this step’s change.',
    ],
    question: 'Look at ∂C/∂w. Which way will the step move this w?',
    choices: ['up', 'down'],
    right: ({ gradient }) => Number((gradient?.derivative ?? 0) > 0),
    because:
      'Against the derivative: where it is below 0, up, and where it is above 0, down. The cost goes down, if the step is not too long. Then everything is worked out anew, thousands of times: that is how the network learns.',
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

/** An address that names a scene and nothing else stands for that scene's own state: a short link to share. */
export function wholeHash(hash: string): string {
  const [, scene] = /^#lesson=(\d+)$/.exec(hash) ?? [];
  return scene === undefined ? hash : sceneHash(Number(scene));
}
