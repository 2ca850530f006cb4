/** Numbers as the page shows them. */

const plain = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 });

/** Four digits; very large ones, and those below `least`, with their power of ten, overflow by its name. */
export function number(value: number, least = 1e-4): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞ (overflow)' : '−∞ (overflow)';
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text = size < least || size >= 1e6 ? value.toExponential(2) : plain.format(value);
  return text.replaceAll('-', '−');
}

const aside = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 4, maximumFractionDigits: 4 });

/** Four digits after the point, so that numbers stand in line; others with their power of ten. */
export function aligned(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0.0000';
  if (!Number.isFinite(value) || size < 1e-3 || size >= 1e4) return number(value, 1e-3);
  return aside.format(value).replaceAll('-', '−');
}

/** The class that colours a number: none for 0. */
export function signOf(value: number): string {
  if (value === 0) return '';
  return value < 0 ? 'negative' : 'positive';
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
