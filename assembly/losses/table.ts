import { AbsoluteError, BinaryCrossEntropy, CrossEntropy, Given, Huber } from './terms';
import { SigmoidBinaryCrossEntropy, SmoothL1, SquaredError } from './terms';

/*
 * The losses by number. Each is a class in `terms.ts` that holds its formula and its slope; a loss is added there, and by
 * one line here and in `dispatch`, and in each column that says yes of it.
 */
export const QUADRATIC: i32 = 0;
export const MSE: i32 = 1;
export const MAE: i32 = 2;
export const HUBER: i32 = 3;
export const SMOOTH_L1: i32 = 4;
export const CROSS_ENTROPY: i32 = 5; // on probabilities
export const BINARY_CROSS_ENTROPY: i32 = 6; // on probabilities
/** From logits; no sum of terms: see `softmax.ts`. */
export const SOFTMAX_CROSS_ENTROPY: i32 = 7;
export const SIGMOID_BINARY_CROSS_ENTROPY: i32 = 8; // from logits
/** No loss of a network's: y is dC/da itself. */
export const GIVEN: i32 = 9;

/** One number an example, made of the whole row. */
// @ts-ignore: decorator
@inline
export function isOfRows(kind: i32): bool {
  return kind == CROSS_ENTROPY || kind == SOFTMAX_CROSS_ENTROPY;
}

/** The terms of an example are added up; those of the others are averaged. */
// @ts-ignore: decorator
@inline
export function isSum(kind: i32): bool {
  return kind == QUADRATIC || kind == CROSS_ENTROPY || kind == GIVEN;
}

/** The term takes z and the slope is by z: the activation is in the formula. */
// @ts-ignore: decorator
@inline
export function isOfLogits(kind: i32): bool {
  return kind == SIGMOID_BINARY_CROSS_ENTROPY;
}

/** The method `run` of `Method`, of the term `kind`: each is inlined once. */
// @ts-ignore: decorator
@inline
export function dispatch<Method>(kind: i32, x: v128, y: v128, p: v128): v128 {
  const method = changetype<Method>(0);
  switch (kind) {
    case QUADRATIC:
    case MSE:
      return method.run<SquaredError>(x, y, p);
    case MAE:
      return method.run<AbsoluteError>(x, y, p);
    case HUBER:
      return method.run<Huber>(x, y, p);
    case SMOOTH_L1:
      return method.run<SmoothL1>(x, y, p);
    case CROSS_ENTROPY:
      return method.run<CrossEntropy>(x, y, p);
    case BINARY_CROSS_ENTROPY:
      return method.run<BinaryCrossEntropy>(x, y, p);
    case SIGMOID_BINARY_CROSS_ENTROPY:
      return method.run<SigmoidBinaryCrossEntropy>(x, y, p);
    case GIVEN:
      return method.run<Given>(x, y, p);
    default:
      return unreachable();
  }
}
