import { checkNumber, checkOptions } from '../../support/check.js';
import { quantile } from '../arithmetic.js';

/** Where a column lies and how wide it is. */
export interface Scale {
  readonly median: number;
  readonly width: number;
}

/** From the distance of the quartiles to a standard deviation, if the column were normal. */
const QUARTILES_APART = 1.3489795003921634;
const FAR = 1e6;
/** Where the clip bends: RealMLP's. */
const BEND = 3;
const MOST = Number.MAX_VALUE;

/**
 * Of sorted values: their median, and the distance of the quartiles as a standard deviation; half of the range where the
 * quartiles are one value, as in RealMLP (Holzmüller et al. 2024).
 */
export function scaleOf(values: ArrayLike<number>): Scale {
  const median = quantile(values, 0.5);
  const quartiles = (quantile(values, 0.75) / 2 - quantile(values, 0.25) / 2) * (2 / QUARTILES_APART);
  const range = values[values.length - 1] / 2 - values[0] / 2;
  const width = quartiles > 0 && quartiles <= MOST ? quartiles : range;
  return { median, width: width > 0 ? width : 1 };
}

/** (x - median) / width, smoothly clipped to 3: z / sqrt(1 + (z / 3)^2), as in RealMLP. */
export function scaled(x: number, { median, width }: Scale): number {
  const z = Math.max(-FAR, Math.min(FAR, x / width - median / width));
  return z / Math.sqrt(1 + (z / BEND) * (z / BEND));
}

export function checkScale(value: unknown): Scale {
  const given = checkOptions('scale', value ?? null, ['median', 'width']);
  return {
    median: checkNumber('median', given['median'], {}),
    width: checkNumber('width', given['width'], { above: 0 }),
  };
}
