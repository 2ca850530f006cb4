/**
 * The losses, in float64 and one example at a time: the specification of `assembly/losses/table.ts`.
 *
 * `outputs` are a = σ(z), `logits` are z, and `target` is a dense row (a label is `oneHot(label, columns)`).
 * `parameter` is huber's δ, smoothL1's β, and cross-entropy's label smoothing ε; the other losses ignore it.
 * Conventions are PyTorch's. Averaging over examples is the caller's.
 */

export type LossName = 'quadratic' | 'mse' | 'mae' | 'huber' | 'smoothL1' | 'crossEntropy' | 'binaryCrossEntropy';

/** PyTorch clamps the logarithm of a probability here, so that a certain mistake costs 100 and not infinity. */
const LOG_FLOOR = -100;
/** ... and the denominator of its derivative here. */
const PROBABILITY_FLOOR = 1e-12;

/** What one output adds to the cost of its example, and the derivative of that with respect to the output. */
interface Term {
  value(a: number, y: number, parameter: number): number;
  slope(a: number, y: number, parameter: number): number;
  /** Whether the terms of an example are averaged over its outputs, or added up. */
  mean: boolean;
}

const TERMS: Record<Exclude<LossName, 'crossEntropy'>, Term> = {
  quadratic: {
    value: (a, y) => (a - y) ** 2,
    slope: (a, y) => 2 * (a - y),
    mean: false,
  },
  mse: {
    value: (a, y) => (a - y) ** 2,
    slope: (a, y) => 2 * (a - y),
    mean: true,
  },
  mae: {
    value: (a, y) => Math.abs(a - y),
    slope: (a, y) => Math.sign(a - y),
    mean: true,
  },
  huber: {
    value: (a, y, delta) => (Math.abs(a - y) < delta ? (a - y) ** 2 / 2 : delta * (Math.abs(a - y) - delta / 2)),
    slope: (a, y, delta) => (Math.abs(a - y) < delta ? a - y : delta * Math.sign(a - y)),
    mean: true,
  },
  smoothL1: {
    value: (a, y, beta) => (Math.abs(a - y) < beta ? (a - y) ** 2 / (2 * beta) : Math.abs(a - y) - beta / 2),
    slope: (a, y, beta) => (Math.abs(a - y) < beta ? (a - y) / beta : Math.sign(a - y)),
    mean: true,
  },
  binaryCrossEntropy: {
    value: (a, y) => -(y * clampedLog(a) + (1 - y) * clampedLog1p(-a)),
    slope: (a, y) => (a - y) / Math.max(a * (1 - a), PROBABILITY_FLOOR),
    mean: true,
  },
};

/** C0, the cost of one example. A cross-entropy over its own activation is computed from the logits. */
export function lossValue(
  name: LossName,
  outputs: number[],
  logits: number[],
  target: number[],
  parameter: number,
  lastActivation = 'linear',
): number {
  if (name === 'crossEntropy') {
    const t = smoothed(target, parameter);
    const logs = lastActivation === 'softmax' ? logSoftmax(logits) : outputs.map(clampedLog);
    return -sum(t.map((tj, j) => tj * logs[j]));
  }
  if (name === 'binaryCrossEntropy' && lastActivation === 'sigmoid') {
    return sum(logits.map((z, j) => binaryFromLogit(z, target[j]))) / logits.length;
  }
  const { value, mean } = TERMS[name];
  const total = sum(outputs.map((a, j) => value(a, target[j], parameter)));
  return mean ? total / outputs.length : total;
}

/** ∂C0/∂a for each output. It has the same form whether or not the loss is computed from the logits. */
export function lossSlope(
  name: LossName,
  outputs: number[],
  _logits: number[],
  target: number[],
  parameter: number,
  _lastActivation = 'linear',
): number[] {
  if (name === 'crossEntropy') {
    return smoothed(target, parameter).map((tj, j) => -tj / Math.max(outputs[j], PROBABILITY_FLOOR));
  }
  const { slope, mean } = TERMS[name];
  const divisor = mean ? outputs.length : 1;
  return outputs.map((a, j) => slope(a, target[j], parameter) / divisor);
}

/** ∂C0/∂z for the two pairs that are computed from the logits, where σ' cancels; undefined for the others. */
export function logitSlope(
  name: LossName,
  outputs: number[],
  _logits: number[],
  target: number[],
  parameter: number,
  lastActivation = 'linear',
): number[] | undefined {
  if (name === 'crossEntropy' && lastActivation === 'softmax') {
    const t = smoothed(target, parameter);
    return t.map((tj, j) => sum(t) * outputs[j] - tj);
  }
  if (name === 'binaryCrossEntropy' && lastActivation === 'sigmoid') {
    return outputs.map((a, j) => (a - target[j]) / outputs.length);
  }
  return undefined;
}

/** The target row of a class index. */
export function oneHot(label: number, columns: number): number[] {
  return Array.from({ length: columns }, (_, j) => (j === label ? 1 : 0));
}

/** Label smoothing: t := (1 − ε)·t + ε / c. */
function smoothed(target: number[], epsilon: number): number[] {
  return target.map((t) => (1 - epsilon) * t + epsilon / target.length);
}

/** max(log p, −100), with p ≤ 0 taken as p = 0. A NaN stays one. */
function clampedLog(p: number): number {
  return p <= 0 ? LOG_FLOOR : Math.max(Math.log(p), LOG_FLOOR);
}

/** max(log(1 + x), −100), also for an x that 1 + x would round away, and with x ≤ −1 taken as −1. */
function clampedLog1p(x: number): number {
  return x <= -1 ? LOG_FLOOR : Math.max(Math.log1p(x), LOG_FLOOR);
}

/** −(y·log σ(z) + (1 − y)·log(1 − σ(z))), without forming σ(z). */
function binaryFromLogit(z: number, y: number): number {
  return Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
}

/**
 * log softmax(z)_j = (z_j − max z) − log1p(Σ of the other exponentials): neither term is lost in a large max z, and a
 * tiny excess over the maximum's own exponential, which is 1, not in it.
 */
function logSoftmax(z: number[]): number[] {
  const maximum = Math.max(...z);
  const first = z.indexOf(maximum);
  const excess = Math.log1p(sum(z.map((zj, j) => (j === first ? 0 : Math.exp(zj - maximum)))));
  return z.map((zj) => zj - maximum - excess);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
