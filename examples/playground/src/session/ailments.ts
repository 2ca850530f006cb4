/** What keeps a network from learning, as its numbers tell; and what of the setting would cure it. */
import type { LayerSetting, Setting } from '../setting/setting.js';
import type { Snapshot, UnitState } from '../training/protocol.js';

export interface Cure {
  readonly title: string;
  readonly part: Partial<Setting>;
}

export interface Ailment {
  readonly name: 'zeros' | 'vanishing' | 'exploding' | 'dead' | 'saturated' | 'overfitting';
  readonly says: string;
  readonly cures: readonly Cure[];
}

/** δ of the first layer over that of the output, below or above which something is wrong. */
const [VANISHED, EXPLODED] = [1e-3, 1e3];
/** The loss of the test over that of the training. */
const OVERFIT = 2;

export function ailmentsOf(snapshot: Snapshot, setting: Setting): Ailment[] {
  const found = [spread(snapshot, setting), stuck('dead', snapshot, setting), stuck('saturated', snapshot, setting)];
  return [...found, overfitting(snapshot, setting)].filter((ailment) => ailment !== undefined);
}

/** How δ of the first layer compares with that of the output. */
function spread({ deltas, weights, diverged }: Snapshot, setting: Setting): Ailment | undefined {
  const [first, last] = [deltas[0], deltas[deltas.length - 1]];
  if (diverged || deltas.length < 2 || !(last > 0)) return undefined;
  const times = first / last;
  if (times === 0 && weights.some((layer) => layer.every((weight) => weight === 0))) {
    return {
      name: 'zeros',
      says: 'Weights of 0 carry nothing back: w · δ is 0, so the layers before get no gradient, and stay as they are. And neurons that begin alike would stay alike.',
      cures: [{ title: 'Draw the first weights', part: { init: 'balanced' } }],
    };
  }
  if (times < VANISHED) {
    return {
      name: 'vanishing',
      says: `The gradient vanishes: δ of layer 1 is ${times === 0 ? 'nothing' : `1/${roughly(1 / times)}`} of the output’s. Each layer multiplies it by a slope and by weights, and these are small.`,
      cures: [
        { title: 'relu in all layers', part: { layers: withActivation(setting, () => 'relu') } },
        { title: 'Two layers', part: { layers: setting.layers.slice(0, 2) } },
      ],
    };
  }
  if (!(times > EXPLODED)) return undefined;
  return {
    name: 'exploding',
    says: `The gradient explodes: δ of layer 1 is ${roughly(times)} times the output’s.`,
    cures: [{ title: 'Clip the gradient at 1', part: { clipNorm: 1 } }],
  };
}

const STUCK = {
  dead: {
    why: 'Their z is below 0 for every example, where the slope of relu is 0: no gradient comes through, so they never come back.',
    instead: 'leakyRelu',
  },
  saturated: {
    why: 'Their z is far from 0 for nearly every example, where the curve is flat: hardly any gradient comes through.',
    instead: 'relu',
  },
} as const;

function stuck(state: 'dead' | 'saturated', { states }: Snapshot, setting: Setting): Ailment | undefined {
  const isIt = (unit: UnitState): boolean => unit === state;
  const count = states.flat().filter(isIt).length;
  if (count === 0) return undefined;
  const { why, instead } = STUCK[state];
  const layers = withActivation(setting, (layer, at) => (states[at]?.some(isIt) ? instead : layer.activation));
  return {
    name: state,
    says: `${count} of ${states.flat().length} neurons ${count === 1 ? 'is' : 'are'} ${state}. ${why}`,
    cures: [
      { title: `${instead} in ${count === 1 ? 'its layer' : 'their layers'}`, part: { layers } },
      {
        title: `A tenth of the rate: ${Number((setting.rate / 10).toPrecision(3))}`,
        part: { rate: setting.rate / 10 },
      },
    ],
  };
}

function overfitting({ train, test }: Snapshot, setting: Setting): Ailment | undefined {
  const times = test.loss / train.loss;
  // where hardly anything is left to learn, the ratio says nothing
  if (!(times > OVERFIT) || test.loss < 0.1) return undefined;
  return {
    name: 'overfitting',
    says: `The loss of the test is ${roughly(times)} times that of the training: the network has learnt these examples by heart.`,
    cures: [
      { title: 'Hold fewer examples back', part: { testShare: 30 } },
      { title: 'Four neurons a layer', part: { layers: setting.layers.map((layer) => ({ ...layer, units: 4 })) } },
    ],
  };
}

function withActivation(
  { layers }: Setting,
  activation: (layer: LayerSetting, at: number) => LayerSetting['activation'],
): LayerSetting[] {
  return layers.map((layer, at) => ({ ...layer, activation: activation(layer, at) }));
}

/** One digit: who listens to the page is not told of every change. */
function roughly(value: number): string {
  return Number(value.toPrecision(1)).toLocaleString('en-GB');
}
