/**
 * Reorders compiled code: where two sums follow one another, both products come first.
 *
 *     c := s * v + c          p := s * v
 *     d := s * w + d    →     q := s * w
 *                             c := p + c
 *                             d := q + d
 *
 * The same operations on the same numbers, so the same bits, and V8 keeps the order: products of layers gain 4 to 9 % on
 * Node 24 and Zen 3, and lose nothing on Node 20 (measured: gemmProduct of both builds by turns, at the shapes of
 * bench:kernels). Why is not known: written by hand, the loop is as fast in either order. It cannot be said in the source:
 * Binaryen moves each product to its sum.
 */
import binaryen from 'binaryen';

type Expression = binaryen.ExpressionRef;

/** `local := product + local`. */
interface Sum {
  readonly local: number;
  readonly product: Expression;
}

/** The module with its sums in pairs. */
export function pairProducts(wasm: Uint8Array): Uint8Array {
  const module = binaryen.readBinaryWithFeatures(wasm, binaryen.Features.All);
  try {
    // what is replaced goes to the end, so all are, and keep their places
    const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => module.getFunctionByIndex(i));
    for (const each of functions.map(binaryen.getFunctionInfo)) if (!each.module) pairInFunction(module, each);
    if (!module.validate()) throw new Error('the sums of a module were paired wrongly');
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

function pairInFunction(module: binaryen.Module, info: binaryen.FunctionInfo): void {
  const { name, params, results, vars, body } = info;
  const paired = new Pairing(module, binaryen.expandType(params).length + vars.length).of(body);
  const locals = paired === body ? vars : [...vars, binaryen.v128, binaryen.v128];
  module.removeFunction(name);
  module.addFunction(name, params, results, locals, paired);
}

/** Pairs the sums of a function, through the locals `free` and `free` + 1. */
class Pairing {
  private readonly module: binaryen.Module;
  private readonly free: number;

  constructor(module: binaryen.Module, free: number) {
    this.module = module;
    this.free = free;
  }

  /** The expression with the sums in its blocks paired; itself where it has none. */
  of(expression: Expression): Expression {
    switch (idOf(expression)) {
      case binaryen.LoopId: {
        const { name, body } = binaryen.getExpressionInfo(expression) as binaryen.LoopInfo;
        const paired = this.of(body);
        return paired === body ? expression : this.module.loop(name, paired);
      }
      case binaryen.IfId: {
        const { condition, ifTrue, ifFalse } = binaryen.getExpressionInfo(expression) as binaryen.IfInfo;
        const [then, otherwise] = [this.of(ifTrue), ifFalse && this.of(ifFalse)];
        const same = then === ifTrue && otherwise === ifFalse;
        return same ? expression : this.module.if(condition, then, otherwise || undefined);
      }
      case binaryen.BlockId: {
        const { name, children, type } = binaryen.getExpressionInfo(expression) as binaryen.BlockInfo;
        const paired = this.ofAll(children);
        const same = paired.every((child, i) => child === children[i]);
        return same ? expression : this.module.block(name, paired, type);
      }
      default:
        return expression;
    }
  }

  private ofAll(children: readonly Expression[]): Expression[] {
    const out: Expression[] = [];
    for (let i = 0; i < children.length; i++) {
      const [first, second] = [sumIn(children[i]), i + 1 < children.length ? sumIn(children[i + 1]) : undefined];
      if (first && second && !mentions(second.product, first.local)) {
        out.push(...this.pair(first, second));
        i++;
      } else {
        out.push(this.of(children[i]));
      }
    }
    return out;
  }

  private pair(...sums: [Sum, Sum]): Expression[] {
    const { local, f32x4 } = this.module;
    const get = (index: number): Expression => local.get(index, binaryen.v128);
    return [
      ...sums.map(({ product }, i) => local.set(this.free + i, product)),
      ...sums.map((sum, i) => local.set(sum.local, f32x4.add(get(this.free + i), get(sum.local)))),
    ];
  }
}

/** Its kind: Binaryen declares the kinds as an enum, which numbers are compared with. */
const idOf: (expression: Expression) => binaryen.ExpressionIds = binaryen.getExpressionId;

/** What a statement adds, if it is a sum of this kind. */
function sumIn(statement: Expression): Sum | undefined {
  if (idOf(statement) !== binaryen.LocalSetId) return undefined;
  const { isTee, index, value } = binaryen.getExpressionInfo(statement) as binaryen.LocalSetInfo;
  const sum = isTee ? undefined : binaryIn(value, binaryen.AddVecF32x4);
  if (!sum || !binaryIn(sum.left, binaryen.MulVecF32x4) || localIn(sum.right) !== index) return undefined;
  return { local: index, product: sum.left };
}

function binaryIn(expression: Expression, op: binaryen.Operations): binaryen.BinaryInfo | undefined {
  if (idOf(expression) !== binaryen.BinaryId) return undefined;
  const info = binaryen.getExpressionInfo(expression) as binaryen.BinaryInfo;
  return info.op === op ? info : undefined;
}

/** The local that the expression is, if it is one. */
function localIn(expression: Expression): number | undefined {
  if (idOf(expression) !== binaryen.LocalGetId) return undefined;
  return (binaryen.getExpressionInfo(expression) as binaryen.LocalGetInfo).index;
}

/** Whether an expression may read or set the local: true for those that products are not made of, too. */
function mentions(expression: Expression, local: number): boolean {
  switch (idOf(expression)) {
    case binaryen.ConstId:
      return false;
    case binaryen.LocalGetId:
      return localIn(expression) === local;
    case binaryen.LocalSetId: {
      const { index, value } = binaryen.getExpressionInfo(expression) as binaryen.LocalSetInfo;
      return index === local || mentions(value, local);
    }
    case binaryen.LoadId:
    case binaryen.SIMDLoadId: {
      const { ptr } = binaryen.getExpressionInfo(expression) as binaryen.SIMDLoadInfo;
      return mentions(ptr, local);
    }
    case binaryen.BinaryId: {
      const { left, right } = binaryen.getExpressionInfo(expression) as binaryen.BinaryInfo;
      return mentions(left, local) || mentions(right, local);
    }
    default:
      return true;
  }
}
