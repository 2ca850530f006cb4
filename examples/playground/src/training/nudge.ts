/** What a change of one weight really does, measured on a network that is changed and put back. */
import type { Network, Parameters } from 'chainrule';
import type { Examples } from '../data/data-set.js';
import type { Focus } from '../setting/setting.js';
import { EPSILONS, type Nudge } from './protocol.js';

/** Points of the curve of costs, by how much one point takes. */
const FINE_CURVE = 41;
const COARSE_CURVE = 9;
/** Weights times examples that are still worth a fine curve. */
const CHEAP = 100_000;

/** The half step of the second difference that tells the curvature. */
const PROBE = 0.05;
/** The second-order term of a nudge over its first, at the nudge that is proposed. */
const BEND = 0.05;
/** The slider goes so many times as far as the nudge that is proposed. */
const SLIDE = 8;
/** Nudges are no longer, where the cost is straight, and no shorter: float32 would not show them. */
const [LONGEST, SHORTEST] = [1, 0.01];

/** One weight of a network, to be set. */
export class Handle {
  readonly #network: Network;
  readonly #name: string;
  readonly #nudged: Float32Array;
  readonly #at: number;
  readonly #value: number;
  readonly focus: Focus;
  /** The weights of its layer. */
  readonly size: number;

  constructor(network: Network, parameters: Parameters, focus: Focus) {
    const { layer, j, k } = focus;
    this.#network = network;
    this.#name = `layers.${layer}.weight`;
    const { shape, data } = parameters[this.#name];
    this.#nudged = data.slice();
    this.#at = j * shape[1] + k;
    this.#value = data[this.#at];
    this.focus = focus;
    this.size = data.length;
  }

  /** Sets it to its value and so much more. */
  add(nudge: number): void {
    this.#nudged[this.#at] = this.#value + nudge;
    this.#network.setParameters({ [this.#name]: { data: this.#nudged } });
  }

  /** The scope's cost with so much more. */
  costAt(nudge: number, { x, y }: Examples): number {
    this.add(nudge);
    return this.#network.evaluate(x, y).loss;
  }

  /** How much the weight really moved: it is rounded to float32. */
  stepOf(nudge: number): number {
    return Math.fround(this.#value + nudge) - Math.fround(this.#value - nudge);
  }

  /** z, a and C0 of the example with so much more, and the scope's cost. */
  valuesAt(nudge: number, example: Examples, scope: Examples): { z: number; a: number; cost: number; mean: number } {
    this.add(nudge);
    const { layer, j } = this.focus;
    const { layers, loss: cost } = this.#network.explain(example.x, example.y);
    const mean = scope === example ? cost : this.#network.evaluate(scope.x, scope.y).loss;
    return { z: layers[layer].z[j], a: layers[layer].a[j], cost, mean };
  }
}

/** The nudge that was asked for, or one that suits the curvature; and the curve of costs around the weight. */
export function measureNudge(
  handle: Handle,
  asked: number | undefined,
  slope: number,
  example: Examples,
  scope: Examples,
): Nudge {
  const proposed = proposedNudge(handle, slope, scope);
  const reach = rounded(Math.min(LONGEST, SLIDE * proposed));
  const by = Math.max(-reach, Math.min(reach, asked ?? rounded(proposed)));
  const before = handle.valuesAt(0, example, scope);
  const after = handle.valuesAt(by, example, scope);
  const count = handle.size * scope.count < CHEAP ? FINE_CURVE : COARSE_CURVE;
  const curve = Float64Array.from({ length: count }, (_, i) =>
    handle.costAt(reach * ((2 * i) / (count - 1) - 1), scope),
  );
  handle.add(0);
  return {
    ...{ by, reach, curve },
    z: [before.z, after.z],
    a: [before.a, after.a],
    cost: [before.cost, after.cost],
    mean: [before.mean, after.mean],
  };
}

/** |C''| h² / 2 is `BEND` of |C'| h at the nudge h. */
function proposedNudge(handle: Handle, slope: number, scope: Examples): number {
  const [below, here, above] = [-PROBE, 0, PROBE].map((nudge) => handle.costAt(nudge, scope));
  const curvature = (above - 2 * here + below) / (PROBE * PROBE);
  const suits = Math.abs((2 * BEND * slope) / curvature);
  return Number.isNaN(suits) ? LONGEST / SLIDE : Math.max(SHORTEST, Math.min(LONGEST / SLIDE, suits));
}

/** 1, 2 or 5 times a power of ten, not above the value. */
function rounded(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const digit = [5, 2, 1].find((step) => step * power <= value * (1 + 1e-9)) ?? 1;
  return Number((digit * power).toPrecision(1));
}

/** (C(w + ε) − C(w − ε)) / 2ε for each of `EPSILONS`, by what the weight really moved. */
export function finiteDifferences(handle: Handle, scope: Examples): Float64Array {
  const differences = Float64Array.from(EPSILONS, (epsilon) => {
    const change = handle.costAt(epsilon, scope) - handle.costAt(-epsilon, scope);
    const step = handle.stepOf(epsilon);
    return step === 0 ? NaN : change / step;
  });
  handle.add(0);
  return differences;
}
