/** Kinds of layers, and losses and optimizers, against PyTorch's runs: `fixtures/training/described.py` and its users. */
import { describe, expect, it } from 'vitest';
import { expectGradients, expectTraining, loadLayerRuns, networkOfRun, type LayerRuns } from './layer-runs.js';
import { NUMERICS } from './support.js';

const [graph, choices, dropout, normalize] = await Promise.all(
  ['graph', 'choices', 'dropout', 'normalize'].map(loadLayerRuns),
);

describe.each(NUMERICS)('%s', (numerics) => {
  describe.each<[string, LayerRuns]>([
    ['residuals, branches, activations, and layers that are not trained', graph],
    ['losses, optimizers and activations', choices],
  ])('%s', (_, runs) => {
    it.each(runs.runs)('$name, by $optimizer', async (run) => {
      const net = await networkOfRun(run, numerics);
      expectGradients(net.gradients(run.x, run.y).parameters, run);
      await expectTraining(net, run, runs);
      net.dispose();
    });
  });

  describe('dropout, whose masks the script draws by itself', () => {
    it.each(dropout.runs)('$name, by $optimizer', async (run) => {
      const net = await networkOfRun(run, numerics);
      expectGradients(net.gradients(run.x, run.y, { training: true }).parameters, run);
      await expectTraining(net, run, dropout);
      net.dispose();
    });
  });

  describe('normalize, which learns at the first fit or by adapt', () => {
    it.each(normalize.runs)('$name, by $optimizer', async (run) => {
      const [fitted, adapted] = [await networkOfRun(run, numerics), await networkOfRun(run, numerics)];
      adapted.adapt(run.x);
      expectGradients(adapted.gradients(run.x, run.y).parameters, run);
      await expectTraining(fitted, run, normalize);
      await expectTraining(adapted, run, normalize);
      expect(adapted.getParameters()).toEqual(fitted.getParameters());
      for (const net of [fitted, adapted]) net.dispose();
    });
  });
});
