/** The digits that come with the page: `digits.bin`, which the build makes. */
import type { Table } from './data-set.js';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const DIGITS = 10;

/** A byte for what the picture shows, then the picture. */
const RECORD = 1 + PIXELS;

/** Fetches and unpacks the digits: ink is 255/256, paper is 0. */
export async function loadDigits(): Promise<Table> {
  const response = await fetch(new URL('digits.bin', document.baseURI));
  if (!response.ok || response.body === null) {
    throw new Error(`the digits could not be loaded: ${response.status} ${response.statusText}`);
  }
  const unpacked = response.body.pipeThrough(new DecompressionStream('gzip'));
  return readDigits(new Uint8Array(await new Response(unpacked).arrayBuffer()));
}

/** The examples in the file: pictures from 0 to 1, and a row with a 1 for the digit. */
export function readDigits(bytes: Uint8Array): Table {
  const count = bytes.length / RECORD;
  if (count === 0 || !Number.isInteger(count)) {
    throw new Error(`the digits have ${bytes.length} bytes: expected a multiple of ${RECORD}`);
  }
  const x = new Float32Array(count * PIXELS);
  const y = new Float32Array(count * DIGITS);
  for (let i = 0; i < count; i++) {
    const at = i * RECORD;
    y[i * DIGITS + bytes[at]] = 1;
    for (let pixel = 0; pixel < PIXELS; pixel++) x[i * PIXELS + pixel] = bytes[at + 1 + pixel] / 256;
  }
  return { count, inputs: PIXELS, outputs: DIGITS, x, y };
}
