/**
 * The optimizers: elementwise updates of `count` contiguous float32 parameters, one file each. PyTorch's formulas.
 *
 * What they share. p, g and the state arrays hold `count` floats, a multiple of 4, at any alignment, and do not
 * overlap. The gradient is read, p and the state are read and overwritten, and nothing else is touched. First
 * g := gradientScale * g (the clipping factor; 1 leaves the bits alone), then g := g + weightDecay * p. What depends
 * on the step (bias corrections, a schedule) the caller computes in float64 and passes as a factor. Multiply and add
 * round separately in every build: fusing them gained nothing, these loops wait for memory or for the divider. An
 * element whose p, g and state are 0 stays 0, so that padding stays 0. Each result carries a few roundings, each of
 * half an ulp; a difference 1 - x is an argument of its own where float32 could not form it well from x.
 */
export { adagrad } from './adagrad';
export { adam } from './adam';
export { rmsProp } from './rmsProp';
export { sgd } from './sgd';
