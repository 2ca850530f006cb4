/** Trains every kind of network from each initialisation on each data set. */
import { readFile } from 'node:fs/promises';
import type { InitName } from '../../src/index.js';
import { describeMachine } from '../machine.js';
import { readDataSet } from './data-sets.js';
import { mean, type Findings } from './report.js';
import { score, type Shape } from './trial.js';

const INITS: readonly InitName[] = ['balanced', 'pytorch', 'he', 'glorot'];

const SHAPES: readonly Shape[] = (['relu', 'tanh'] as const).flatMap((activation) =>
  [1, 2, 4, 8].map((depth) => ({ activation, depth })),
);

/** `seeds` networks for each fold; what scikit-learn made of the same is read from its file. */
export async function measure(dataSets: readonly string[], seeds: number): Promise<Findings> {
  const machine = describeMachine();
  const scikitLearn = JSON.parse(await readFile(new URL('scikit-learn.json', import.meta.url), 'utf8')) as unknown;
  const cells: Findings['cells'][number][] = [];
  for (const dataSet of dataSets) {
    const data = await readDataSet(dataSet);
    for (const shape of SHAPES) {
      for (const init of INITS) {
        const scores: number[][] = [];
        for (let seed = 0; seed < seeds; seed++) {
          scores[seed] = [];
          for (const fold of data.folds) scores[seed].push(await score(data, fold, shape, init, seed));
        }
        cells.push({ dataSet, ...shape, init, scores });
        console.error(`${dataSet}  ${shape.depth} × ${shape.activation}  ${init}  ${mean(scores.flat()).toFixed(3)}`);
      }
    }
  }
  return { machine, seeds, cells, scikitLearn: scikitLearn as Findings['scikitLearn'] };
}
