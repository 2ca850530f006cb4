/**
 * Every activation in float64: its value a = σ(z) and its slope σ'(z), with PyTorch's conventions at the kinks.
 * `p` is the activation's one parameter, where it has one: the slope of leakyRelu, the alpha of elu.
 */
import { erf } from './erf.js';

export interface Activation {
  value(z: number, p: number): number;
  slope(z: number, p: number): number;
}

export type ElementwiseName = keyof typeof ACTIVATIONS;
export type ActivationName = ElementwiseName | 'softmax';

/** Neither form overflows: the exponent is never positive. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
const GELU_TANH_CUBIC = 0.044715;

/** Φ, the share of a normal distribution below z. Far to the left it is good to 1e-16, not to 16 digits. */
const normalBelow = (z: number): number => (1 + erf(z * Math.SQRT1_2)) / 2;
const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
const geluTanhInner = (z: number): number => SQRT_2_OVER_PI * (z + GELU_TANH_CUBIC * z ** 3);

export const ACTIVATIONS = {
  linear: {
    value: (z) => z,
    slope: () => 1,
  },
  sigmoid: {
    value: sigmoid,
    // sigmoid(-z) is 1 - sigmoid(z) without the cancellation.
    slope: (z) => sigmoid(z) * sigmoid(-z),
  },
  tanh: {
    value: Math.tanh,
    slope: (z) => 1 / Math.cosh(z) ** 2,
  },
  relu: {
    value: (z) => Math.max(0, z),
    slope: (z) => (z > 0 ? 1 : 0),
  },
  leakyRelu: {
    value: (z, slope) => (z > 0 ? z : slope * z),
    slope: (z, slope) => (z > 0 ? 1 : slope),
  },
  elu: {
    value: (z, alpha) => (z > 0 ? z : alpha * Math.expm1(z)),
    slope: (z, alpha) => (z > 0 ? 1 : alpha * Math.exp(z)),
  },
  silu: {
    value: (z) => z * sigmoid(z),
    slope: (z) => sigmoid(z) * (1 + z * sigmoid(-z)),
  },
  softplus: {
    // ln(1 + e^z), written so that e^z cannot overflow. PyTorch returns z itself above z = 20: 3e-9 away at most.
    value: (z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))),
    slope: sigmoid,
  },
  gelu: {
    value: (z) => z * normalBelow(z),
    slope: (z) => normalBelow(z) + z * normalDensity(z),
  },
  geluTanh: {
    value: (z) => 0.5 * z * (1 + Math.tanh(geluTanhInner(z))),
    slope: (z) => {
      const t = Math.tanh(geluTanhInner(z));
      const innerSlope = SQRT_2_OVER_PI * (1 + 3 * GELU_TANH_CUBIC * z * z);
      return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * innerSlope;
    },
  },
} satisfies Record<string, Activation>;

/** a_j = e^z_j / Σ_i e^z_i over the outputs of one example, shifted by the largest so that nothing overflows. */
export function softmax(z: number[]): number[] {
  const largest = Math.max(...z);
  const powers = z.map((zj) => Math.exp(zj - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/**
 * Jᵀ·dA for a = softmax(z), where J_ij = ∂a_i/∂z_j = a_i·(1[i = j] − a_j): every output depends on every z_j, so
 * that ∂C0/∂z_j = Σ_i dA_i·J_ij = a_j·(dA_j − Σ_i dA_i·a_i).
 */
export function softmaxJacobianProduct(a: number[], dA: number[]): number[] {
  const mean = a.reduce((sum, ai, i) => sum + ai * dA[i], 0);
  return a.map((aj, j) => aj * (dA[j] - mean));
}
