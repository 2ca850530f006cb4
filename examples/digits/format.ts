/** How the example writes its numbers, in the terminal and in the report alike. */

const thousands = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** `61234.5` as `61,235`. */
export function whole(value: number): string {
  return thousands.format(value);
}

/** `0.9765` as `97.65 %`; a share of nothing (NaN) as a dash. */
export function percent(share: number, digits = 2): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(digits)} %`;
}

/** A time to read at a glance: `8.3 s`, `1:05`, `2:00:09`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60, rounded % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
