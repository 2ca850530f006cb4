import { Adagrad } from './adagrad';
import { Adam } from './adam';
import { Optimizer } from './record';
import { RmsProp } from './rmsProp';
import { Sgd } from './sgd';

/*
 * The optimizers by number: elementwise updates of `count` contiguous float32 parameters, by PyTorch's formulas. Each
 * is a class in a file of its own, of which no object is made; an optimizer is added there, and by one line here and in
 * `dispatch`.
 *
 * What their loops share. p, g and the state arrays hold `count` floats, a multiple of 4, at any alignment, and do not
 * overlap. The gradient is read, p and the state are read and overwritten, and nothing else is touched. First
 * g := gradientScale * g (the clipping factor; 1 leaves the bits alone), then g := g + weightDecay * p. What depends
 * on the step (bias corrections, a schedule) the caller computes in float64 and passes as a factor. Multiply and add
 * round separately in every build: fusing them gained nothing, these loops wait for memory or for the divider. An
 * element whose p, g and state are 0 stays 0, so that padding stays 0. Each result carries a few roundings, each of
 * half an ulp; a difference 1 - x is an argument of its own where float32 could not form it well from x.
 */
export const SGD: i32 = 0;
export const ADAM: i32 = 1;
export const ADAM_W: i32 = 2;
export const RMS_PROP: i32 = 3;
export const ADAGRAD: i32 = 4;

/** A step is p := p - rate * g, and nothing is kept. */
// @ts-ignore: decorator
@inline
export function isDescent(optimizer: Optimizer): bool {
  return optimizer.kind == SGD && !optimizer.velocity;
}

/** Weight decay shrinks the weights by itself, and is no part of the gradients. */
// @ts-ignore: decorator
@inline
export function isDecoupled(kind: i32): bool {
  return kind == ADAM_W;
}

/** What is divided by a root is an average, of which the arrays know the largest quotient: see quotient.ts. */
// @ts-ignore: decorator
@inline
export function hasRatio(kind: i32): bool {
  return kind == ADAM || kind == ADAM_W;
}

/** Makes the step on `count` parameters at p, whose gradients are at g, and whose state is `offset` bytes on. */
export function move(
  optimizer: Optimizer,
  p: usize,
  g: usize,
  offset: usize,
  count: i32,
  rate: f64,
  weightDecay: f64,
): void {
  dispatch<Move>(optimizer, p, g, offset, count, rate, weightDecay);
}

/**
 * Carries the bounds on the state over a step with gradients up to `gradient`, decay included. Returns a bound on the
 * change of a parameter, decoupled decay aside, divided by `largestStep`: that is the rate on entry, and on exit what
 * the kernel makes of it.
 */
export function carry(optimizer: Optimizer, gradient: f64): f64 {
  return dispatch<Carry>(optimizer, 0, 0, 0, 0, gradient, 0);
}

// @ts-ignore: decorator
@inline
function dispatch<Call>(
  optimizer: Optimizer,
  p: usize,
  g: usize,
  offset: usize,
  count: i32,
  rate: f64,
  weightDecay: f64,
): f64 {
  const call = changetype<Call>(0);
  switch (optimizer.kind) {
    case SGD:
      return call.of<Sgd>(optimizer, p, g, offset, count, rate, weightDecay);
    case ADAM:
    case ADAM_W:
      return call.of<Adam>(optimizer, p, g, offset, count, rate, weightDecay);
    case RMS_PROP:
      return call.of<RmsProp>(optimizer, p, g, offset, count, rate, weightDecay);
    case ADAGRAD:
      return call.of<Adagrad>(optimizer, p, g, offset, count, rate, weightDecay);
    default:
      return unreachable();
  }
}

@unmanaged
class Move {
  @inline of<Kind>(o: Optimizer, p: usize, g: usize, offset: usize, count: i32, rate: f64, weightDecay: f64): f64 {
    changetype<Kind>(0).move(o, p, g, offset, count, rate, weightDecay);
    return 0;
  }
}

@unmanaged
class Carry {
  @inline of<Kind>(o: Optimizer, _p: usize, _g: usize, _offset: usize, _count: i32, gradient: f64, _: f64): f64 {
    return changetype<Kind>(0).carry(o, gradient);
  }
}
