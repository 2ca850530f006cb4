/** Settings in which training goes wrong in a way that one should have seen. */
export interface Preset {
  readonly title: string;
  readonly state: string;
}

const SIGMOIDS = Array(6).fill('4-sigmoid').join('.');

export const PRESETS: readonly Preset[] = [
  {
    title: 'vanishing gradient',
    state: `data=circle&layers=${SIGMOIDS}&steps=110&scope=all&weight=0-0-0&shows=gradients`,
  },
  {
    title: 'dying relus',
    state: 'data=circle&layers=8-relu.8-relu&rate=1&steps=110&scope=all&weight=0-0-0&shows=gradients',
  },
  {
    title: 'zero weights',
    state: 'data=xor&layers=4-tanh.3-tanh&init=zeros&steps=110&scope=all&weight=1-0-0&shows=gradients',
  },
  { title: 'too high a rate', state: 'data=plane&layers=8-relu&optimizer=sgd&rate=1&steps=66&scope=all&weight=0-0-0' },
  {
    title: 'overfitting',
    state: 'data=moons&noise=0.5&testShare=90&layers=32-tanh.32-tanh&rate=0.01&steps=800&scope=all&weight=0-0-0',
  },
];
