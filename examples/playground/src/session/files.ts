/** Files that the page gives away. */
import type { Examples } from '../data/data-set.js';
import type { Scaling } from '../data/scaling.js';

/** Lets the browser save a file. */
export function download(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // the browser has taken it by then
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * The examples as JSON: `{ inputs, outputs, x, y }`, flat, each number exactly the float32 that was trained on. Where
 * they were standardised, `scaling` tells how: a value v went in as (v - mean) / deviation.
 */
export function examplesAsJson({ x, y, count }: Examples, scaling: Scaling | undefined): string {
  const [inputs, outputs] = [x.length / count, y.length / count];
  return JSON.stringify({ inputs, outputs, x: Array.from(x), y: Array.from(y), ...(scaling && { scaling }) });
}

/** Opens the browser's own dialogue for a file; `take` gets what is chosen there. */
export function chooseFile(accept: string, take: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) take(file);
  });
  input.click();
}
