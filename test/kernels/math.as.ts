/** The math kernels over arrays, for `math.test.ts` only. `setup.ts` compiles it; it is no part of the library. */
import { erf } from '../../assembly/math/erf';
import { exp } from '../../assembly/math/exp';
import { expm1 } from '../../assembly/math/expm1';
import { log } from '../../assembly/math/log';
import { log1p } from '../../assembly/math/log1p';
import { sigmoid } from '../../assembly/math/sigmoid';
import { tanh } from '../../assembly/math/tanh';

/** y = f(x) for `count` floats, a multiple of 4; `f` is an index into the table of `math.test.ts`. */
export function evaluate(f: i32, x: usize, y: usize, count: i32): void {
  const end = x + ((<usize>count) << 2);
  while (x < end) {
    v128.store(y, apply(f, v128.load(x)));
    x += 16;
    y += 16;
  }
}

function apply(f: i32, x: v128): v128 {
  switch (f) {
    case 0:
      return exp(x);
    case 1:
      return expm1(x);
    case 2:
      return log(x);
    case 3:
      return log1p(x);
    case 4:
      return sigmoid(x);
    case 5:
      return tanh(x);
    default:
      return erf(x);
  }
}
