/** The library against PyTorch's float64 numbers, within what PyTorch's own float32 allows. */
import { describe, expect, it } from 'vitest';
import { batchRange, loadGoldenCases, networkOf, outputsOf, type GoldenCase } from '../golden.js';
import { deviation, relativeError } from '../reference/compare.js';
import { libraryNetwork, NUMERICS, type LibraryNetwork, type Numerics } from './support.js';

const CASES = await loadGoldenCases();
const LOSS_BEFORE_TRAINING = 4e-6;

describe.each(NUMERICS)('PyTorch, %s', (numerics) => {
  describe.each(CASES)('$id', (golden) => {
    it('agrees on the first gradients', async () => {
      const net = await create(golden, numerics);
      const { loss, norm, parameters, inputs } = net.gradients(...batchOf(golden, 0));
      expect(relativeError([loss], [golden.array('loss_batch_f64')[0]])).toBeLessThan(LOSS_BEFORE_TRAINING);
      expect(relativeError([norm], [golden.array('grad_norm_f64')[0]])).toBeLessThan(normTolerance(golden));
      for (const [name, ours] of parameterPairs(golden)) {
        const expected = golden.array(`g${name}_f64`);
        expect(deviation(parameters[ours].data, expected)).toBeLessThan(gradientTolerance(golden.deviation.grad));
      }
      expect(deviation(inputs, golden.array('gX_f64'))).toBeLessThan(gradientTolerance(golden.deviation.gradX));
      net.dispose();
    });

    it('agrees on every step of the training', async () => {
      const net = await create(golden, numerics);
      const { x, y } = golden;
      expect(relativeError([net.evaluate(x, y).loss], [golden.lossInitial])).toBeLessThan(LOSS_BEFORE_TRAINING);
      const steps = Array.from({ length: golden.steps }, (_, t) => {
        const batch = batchOf(golden, t);
        const { norm } = net.gradients(...batch);
        return { norm, loss: net.trainBatch(...batch), lossAfter: net.evaluate(x, y).loss };
      });
      const seriesOf = (key: 'loss' | 'norm' | 'lossAfter'): number[] => steps.map((step) => step[key]);
      const { deviation: own } = golden;
      expect(relativeError(seriesOf('loss'), golden.array('loss_batch_f64'))).toBeLessThan(
        lossTolerance(own.loss_batch),
      );
      expect(relativeError(seriesOf('norm'), golden.array('grad_norm_f64'))).toBeLessThan(normTolerance(golden));
      expect(relativeError(seriesOf('lossAfter'), golden.array('loss_full_after_f64'))).toBeLessThan(
        lossTolerance(own.loss_full_after),
      );
      const parameters = net.getParameters();
      for (const [name, ours] of parameterPairs(golden)) {
        const expected = golden.array(`${name}_final_f64`);
        expect(deviation(parameters[ours].data, expected)).toBeLessThan(finalTolerance(own.weights_final));
      }
      const outputs = outputsOf(golden, golden.array('pred_final_f64'));
      expect(deviation(net.predict(x), outputs)).toBeLessThan(finalTolerance(own.pred_final));
      net.dispose();
    });
  });
});

// The tolerances of fixtures/golden/README.md, from PyTorch's own deviation.
const lossTolerance = (own: number): number => Math.max(4e-6, 4 * own);
const gradientTolerance = (own: number): number => Math.max(2e-6, 4 * own);
const finalTolerance = (own: number): number => Math.max(2e-6, 8 * own);

/** The files do not state PyTorch's own deviation of the norms, but they hold both series. */
function normTolerance({ array }: GoldenCase): number {
  return lossTolerance(relativeError(array('grad_norm_f32'), array('grad_norm_f64')));
}

function create(golden: GoldenCase, numerics: Numerics): Promise<LibraryNetwork> {
  const { optimizer, rates } = golden;
  return libraryNetwork(networkOf(golden), { numerics, optimizer, ...(rates && { rates }) });
}

function batchOf(golden: GoldenCase, step: number): [x: Float32Array, y: Float32Array | Int32Array] {
  const [start, end] = batchRange(golden, step);
  const { x, y, sizes } = golden;
  const perTarget = y instanceof Int32Array ? 1 : sizes.at(-1);
  return [x.slice(start * sizes[0], end * sizes[0]), y.slice(start * perTarget, end * perTarget)];
}

/** PyTorch's name of each parameter array beside the library's. */
function parameterPairs({ activations, bias }: GoldenCase): [string, string][] {
  return activations.flatMap((_, l): [string, string][] => [
    [`W${l + 1}`, `layers.${l}.weight`],
    ...(bias ? [[`b${l + 1}`, `layers.${l}.bias`] satisfies [string, string]] : []),
  ]);
}
