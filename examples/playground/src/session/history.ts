/** The course of losses and accuracies as the curves are drawn: what was measured at fixed steps, and the step at hand. */
import type { Snapshot } from '../training/protocol.js';

export type Curve = 'loss' | 'accuracy';

type Values = (number | null)[];

/** The steps, then a value for each: on the training examples, on those of the test. Where one overflowed there is a gap. */
export type Series = [steps: number[], train: Values, test: Values];

/** For a log scale, values that have no logarithm are gaps too. */
export function seriesOf(snapshot: Snapshot | undefined, curve: Curve, isLog: boolean): Series {
  if (!snapshot) return [[], [], []];
  const { course, steps, train, test } = snapshot;
  const gapOf = (value: number): number | null => (Number.isFinite(value) && (value > 0 || !isLog) ? value : null);
  const valuesOf = (which: 0 | 1): Values => course[curve].map((pair) => gapOf(pair[which]));
  const series: Series = [[...course.steps], valuesOf(0), valuesOf(1)];
  if (steps !== course.steps.at(-1)) {
    series[0].push(steps);
    series[1].push(gapOf(train[curve]));
    series[2].push(gapOf(test[curve]));
  }
  return series;
}
