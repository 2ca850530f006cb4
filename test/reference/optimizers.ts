/**
 * The optimizers, in float64 over one flat array: the specification of `assembly/optimizers/table.ts`.
 *
 * Formulas and defaults are PyTorch's. A step changes the parameters in place and leaves the gradients alone;
 * state starts at 0 and t counts steps from 1. Weight decay treats all parameters alike, unless they are in groups.
 */

export type OptimizerConfig =
  | {
      name: 'sgd';
      rate: number;
      momentum?: number;
      dampening?: number;
      nesterov?: boolean;
      weightDecay?: number;
    }
  | {
      name: 'adam' | 'adamW';
      rate: number;
      beta1?: number;
      beta2?: number;
      epsilon?: number;
      weightDecay?: number;
      amsgrad?: boolean;
    }
  | {
      name: 'rmsProp';
      rate: number;
      alpha?: number;
      epsilon?: number;
      momentum?: number;
      centered?: boolean;
      weightDecay?: number;
    }
  | {
      name: 'adagrad';
      rate: number;
      rateDecay?: number;
      epsilon?: number;
      weightDecay?: number;
      initialAccumulator?: number;
    };

export interface ReferenceOptimizer {
  /** One update of `parameters`; `rate` replaces the configured rate for this step. */
  step(parameters: number[], gradients: number[], rate?: number): void;
}

export function createOptimizer(config: OptimizerConfig): ReferenceOptimizer {
  switch (config.name) {
    case 'sgd':
      return createSgd(config);
    case 'adam':
    case 'adamW':
      return createAdam(config);
    case 'rmsProp':
      return createRmsProp(config);
    case 'adagrad':
      return createAdagrad(config);
  }
}

/** Neighbours among the parameters that are stepped alike. */
export interface Group {
  count: number;
  rateScale: number;
  /** Whether they do without the optimizer's weight decay. */
  spared: boolean;
}

/** An optimizer for each group, one group behind the other: the parameter groups of PyTorch. */
export function createGrouped(config: OptimizerConfig, groups: Group[]): ReferenceOptimizer {
  const optimizers = groups.map(({ spared }) => createOptimizer(spared ? { ...config, weightDecay: 0 } : config));
  return {
    step(parameters, gradients, rate = config.rate) {
      let from = 0;
      groups.forEach(({ count, rateScale }, index) => {
        const part = parameters.slice(from, from + count);
        optimizers[index].step(part, gradients.slice(from, from + count), rate * rateScale);
        parameters.splice(from, count, ...part);
        from += count;
      });
    },
  };
}

/** Scales `gradients` in place so that their norm is at most `clipNorm`; returns the norm before. */
export function clip(gradients: number[], clipNorm: number): number {
  const norm = Math.sqrt(gradients.reduce((total, g) => total + g * g, 0));
  const factor = Math.min(1, clipNorm / (norm + 1e-6));
  for (let i = 0; i < gradients.length; i++) gradients[i] *= factor;
  return norm;
}

type Config<Name> = Extract<OptimizerConfig, { name: Name }>;

/** b = μ b + (1 − dampening) g, but b = g on the first step; p −= rate · (nesterov ? g + μ b : b). */
function createSgd({
  rate: usual,
  momentum = 0,
  dampening = 0,
  nesterov = false,
  weightDecay = 0,
}: Config<'sgd'>): ReferenceOptimizer {
  let buffer: number[] | undefined;
  return {
    step(p, gradients, rate = usual) {
      const g = decayed(gradients, p, weightDecay);
      const b = (buffer = buffer ? buffer.map((bi, i) => momentum * bi + (1 - dampening) * g[i]) : g.slice());
      for (let i = 0; i < p.length; i++) {
        if (momentum === 0) p[i] -= rate * g[i];
        else p[i] -= rate * (nesterov ? g[i] + momentum * b[i] : b[i]);
      }
    },
  };
}

/**
 * m = β1 m + (1 − β1) g; v = β2 v + (1 − β2) g²; p −= rate / (1 − β1^t) · m / (√v / √(1 − β2^t) + ε).
 * Amsgrad takes the largest v so far. AdamW multiplies p by 1 − rate · λ first; Adam adds λ p to g.
 */
function createAdam({
  name,
  rate: usual,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = name === 'adamW' ? 1e-2 : 0,
  amsgrad = false,
}: Config<'adam' | 'adamW'>): ReferenceOptimizer {
  const m: number[] = [];
  const v: number[] = [];
  const largest: number[] = [];
  let t = 0;
  return {
    step(p, gradients, rate = usual) {
      t++;
      const g = name === 'adam' ? decayed(gradients, p, weightDecay) : gradients;
      for (let i = 0; i < p.length; i++) {
        if (name === 'adamW') p[i] *= 1 - rate * weightDecay;
        m[i] = beta1 * (m[i] ?? 0) + (1 - beta1) * g[i];
        v[i] = beta2 * (v[i] ?? 0) + (1 - beta2) * g[i] ** 2;
        largest[i] = amsgrad ? Math.max(largest[i] ?? 0, v[i]) : v[i];
        const root = Math.sqrt(largest[i]) / Math.sqrt(1 - beta2 ** t);
        p[i] -= ((rate / (1 - beta1 ** t)) * m[i]) / (root + epsilon);
      }
    },
  };
}

/**
 * v = α v + (1 − α) g²; centered: h = α h + (1 − α) g and v − h² in place of v; u = g / (√v + ε);
 * with momentum b = μ b + u and p −= rate · b, without p −= rate · u.
 */
function createRmsProp({
  rate: usual,
  alpha = 0.99,
  epsilon = 1e-8,
  momentum = 0,
  centered = false,
  weightDecay = 0,
}: Config<'rmsProp'>): ReferenceOptimizer {
  const v: number[] = [];
  const average: number[] = [];
  const buffer: number[] = [];
  return {
    step(p, gradients, rate = usual) {
      const g = decayed(gradients, p, weightDecay);
      for (let i = 0; i < p.length; i++) {
        v[i] = alpha * (v[i] ?? 0) + (1 - alpha) * g[i] ** 2;
        average[i] = alpha * (average[i] ?? 0) + (1 - alpha) * g[i];
        // rounding may leave a variance of zero slightly below it
        const spread = centered ? Math.max(v[i] - average[i] ** 2, 0) : v[i];
        buffer[i] = momentum * (buffer[i] ?? 0) + g[i] / (Math.sqrt(spread) + epsilon);
        p[i] -= rate * buffer[i];
      }
    },
  };
}

/** s += g², from `initialAccumulator`; p −= rate / (1 + (t − 1) · rateDecay) · g / (√s + ε). */
function createAdagrad({
  rate: usual,
  rateDecay = 0,
  epsilon = 1e-10,
  weightDecay = 0,
  initialAccumulator = 0,
}: Config<'adagrad'>): ReferenceOptimizer {
  const s: number[] = [];
  let t = 0;
  return {
    step(p, gradients, rate = usual) {
      t++;
      const g = decayed(gradients, p, weightDecay);
      for (let i = 0; i < p.length; i++) {
        s[i] = (s[i] ?? initialAccumulator) + g[i] ** 2;
        p[i] -= ((rate / (1 + (t - 1) * rateDecay)) * g[i]) / (Math.sqrt(s[i]) + epsilon);
      }
    },
  };
}

/** g + λ p: weight decay as a gradient. */
function decayed(gradients: number[], parameters: number[], weightDecay: number): number[] {
  return gradients.map((g, i) => g + weightDecay * parameters[i]);
}
