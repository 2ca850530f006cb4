/** Numbers as the page shows them. */

const plain = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 });

/** Four digits; very large and very small ones with their power of ten, overflow by its name. */
export function number(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞ (overflow)' : '−∞ (overflow)';
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text = size < 1e-4 || size >= 1e6 ? value.toExponential(2) : plain.format(value);
  return text.replaceAll('-', '−');
}

export function count(value: number): string {
  return whole.format(value);
}

/** 12.3K */
export function about(value: number): string {
  return compact.format(value);
}

/** 0.987 as 98.7 %, with a space that no line breaks at. */
export function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)}\u00a0%`;
}
