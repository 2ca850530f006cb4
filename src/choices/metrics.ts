import { bare, checkFunction, checkInteger, checkOneOf, checkOptions, describe, wrongType } from '../support/check.js';
import {
  accuracyOf,
  amongLargest,
  areaUnderCurve,
  classCounts,
  collector,
  determination,
  differences,
  type Extent,
  macro,
  type Meter,
  share,
} from './meters.js';

/** What a metric has to know of a network: its outputs, and the rule by which rows that are not one-hot are right. */
interface Kind {
  readonly outputs: number;
  readonly rule: number;
}

interface MetricEntry {
  /** Which networks it is for: what it needs of another is the end of a message. */
  readonly needs: string;
  readonly suits: (kind: Kind) => boolean;
  readonly begin: (extent: Extent, parameter: number) => Meter;
}

const CLASSIFIER = {
  needs: 'a network that classifies, by softmax, sigmoid or a cross-entropy',
  suits: ({ rule }: Kind): boolean => rule > 0,
};
const RANKER = {
  needs: 'an output for each class, after softmax or under crossEntropy',
  suits: ({ rule }: Kind): boolean => rule === 1,
};
const TWO_CLASSES = {
  needs: 'a network that tells two classes apart, by one output or by two',
  suits: ({ outputs, rule }: Kind): boolean => (outputs === 1 && rule === 2) || (outputs === 2 && rule === 1),
};
const ANY = { needs: 'outputs', suits: (): boolean => true };

/**
 * Every metric, in one table: the networks that it is for, and how it is taken. All are scikit-learn's, in float64 and
 * one order of sums. A class index counts as a row with a 1 at its place, and a row as much as its weight.
 */
export const METRICS = bare({
  /** The share of right rows; of several outputs with a side of 1/2 each, the share of right outputs. */
  accuracy: { ...CLASSIFIER, begin: () => classCounts(accuracyOf) },
  /** Of those taken for a class, the share that is of it: tp / (tp + fp), 0 where none is. `precision_score`. */
  precision: { ...CLASSIFIER, begin: () => classCounts(macro((of) => share(of.right, of.said))) },
  /** Of those of a class, the share that is taken for it: tp / (tp + fn), 0 where none is. `recall_score`. */
  recall: { ...CLASSIFIER, begin: () => classCounts(macro((of) => share(of.right, of.true))) },
  /** The harmonic mean of both: 2 tp / (2 tp + fp + fn), 0 where that is 0 / 0. `f1_score`. */
  f1: { ...CLASSIFIER, begin: () => classCounts(macro((of) => share(2 * of.right, of.said + of.true))) },
  /**
   * The area under the ROC curve: how often the output of a positive is above that of a negative, ties counted half; NaN
   * without either. Of two outputs the second is taken. `roc_auc_score`; Mann and Whitney 1947.
   */
  auc: { ...TWO_CLASSES, begin: () => areaUnderCurve() },
  /** The share of rows whose class is among the k largest outputs, the first of equals. `top_k_accuracy_score`. */
  topK: { ...RANKER, begin: (_: Extent, k: number) => amongLargest(k) },
  /** The mean of (a - y)^2 over rows and outputs. `mean_squared_error`. */
  mse: { ...ANY, begin: () => differences(({ squares }, count) => squares / count) },
  /** The root of the mean of (a - y)^2 over rows, averaged over the outputs. `mean_squared_error(squared=False)`. */
  rmse: { ...ANY, begin: () => differences(({ squares }, count) => Math.sqrt(squares / count)) },
  /** The mean of |a - y| over rows and outputs. `mean_absolute_error`. */
  mae: { ...ANY, begin: () => differences(({ sizes }, count) => sizes / count) },
  /**
   * 1 - sum (a - y)^2 / sum (y - mean y)^2, averaged over the outputs; of an output whose targets are all the same, 1
   * where it is always right and 0 otherwise; NaN of a single row. `r2_score`.
   */
  r2: { ...ANY, begin: () => differences(determination) },
} as const satisfies Record<string, MetricEntry>);

/** The name of a metric that takes no parameter. */
export type MetricName = Exclude<keyof typeof METRICS, 'topK'>;

/** A metric with its parameter, as `topK` makes it. */
export interface Metric {
  readonly name: 'topK';
  readonly parameter: number;
}

/**
 * A metric of one's own: of all outputs, row by row, and of all targets: as many rows, or an Int32Array with a class
 * index for each where those were given. Where the rows have weights, the weight of each too. All may be kept.
 */
export type MetricFunction = (
  outputs: Float32Array,
  targets: Float32Array | Int32Array,
  weights?: Float32Array,
) => number;

/** Metrics by name, such as 'f1', with a parameter, such as topK(3), or as functions by a name of one's own. */
export type Metrics = readonly (MetricName | Metric | Readonly<Record<string, MetricFunction>>)[];

/** The share of rows whose class is among the `k` largest outputs; reported as `top3` where k is 3. */
export function topK(k: number): Metric {
  return { name: 'topK', parameter: checkInteger('k', k, 1, 0x7fffffff) };
}

/** A metric that is to be taken, by the name that it is reported with. */
export interface Measuring {
  readonly name: string;
  readonly begin: (extent: Extent) => Meter;
}

/** The metrics that were asked for, each checked against the network that it is to measure. */
export function checkMetrics(value: unknown, kind: Kind): Measuring[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    throw wrongType('metrics', 'an array of metrics, such as ["f1"]', value);
  }
  const found = Array.from({ length: value.length }, (_, index) =>
    checkMetric(`metrics[${index}]`, value[index], kind),
  );
  const metrics = found.flat();
  const twice = metrics.find(({ name }, index) => metrics.findIndex((other) => other.name === name) < index);
  if (twice)
    throw new RangeError(`"metrics" has two of the name ${describe(twice.name)}: each is reported by its name`);
  return metrics;
}

function checkMetric(place: string, value: unknown, kind: Kind): Measuring[] {
  const isObject = typeof value === 'object' && value !== null;
  if (isObject && !(Object.hasOwn(value, 'name') && Object.hasOwn(value, 'parameter'))) return ownMetrics(place, value);
  const given = isObject ? checkOptions(`"${place}"`, value, ['name', 'parameter']) : { name: value, parameter: 1 };
  // what takes a parameter is no name alone
  const names = Object.keys(METRICS).filter((name) => (name === 'topK') === isObject);
  const name = checkOneOf(isObject ? `${place}.name` : place, given['name'], names) as keyof typeof METRICS;
  const { needs, suits, begin }: MetricEntry = METRICS[name];
  if (!suits(kind)) throw new RangeError(`"${place}" is ${describe(name)}, which needs ${needs}`);
  const parameter = checkInteger(`the k of ${place}`, given['parameter'], 1, kind.outputs, 'outputs');
  return [{ name: isObject ? `top${parameter}` : name, begin: (extent) => begin(extent, parameter) }];
}

/** Functions of the user's, by their names. */
function ownMetrics(place: string, value: unknown): Measuring[] {
  const names = Object.keys(value as object);
  const given = checkOptions(`"${place}"`, value, names);
  return names.map((name) => {
    const measure = checkFunction(`${place}.${name}`, given[name]) as MetricFunction;
    return { name, begin: (extent) => collector(name, measure, extent) };
  });
}
