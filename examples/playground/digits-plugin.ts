/**
 * Gives the page its digits: the first pictures of MNIST's training set, as many of each digit, in one file that is
 * made when the page is built. It is gzip inside and says so nowhere, so that no server unpacks it on the way.
 */
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { digitsFolder, PIXELS, readImages, readLabels } from '../digits/mnist.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'digits.bin';
const EACH = 250;
const CLASSES = 10;

/** A byte for the label, then 784 for the picture, for each of the digits; gzipped. */
function makeFile(): Buffer {
  const [images, labels] = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'].map((file) => ({
    file,
    bytes: readFileSync(join(digitsFolder(), file)),
  }));
  const pixels = readImages(images.bytes, images.file);
  const answers = readLabels(labels.bytes, labels.file);
  const counts = new Array<number>(CLASSES).fill(0);
  const records: Uint8Array[] = [];
  for (let i = 0; records.length < EACH * CLASSES; i++) {
    if (counts[answers[i]]++ >= EACH) continue;
    records.push(Buffer.concat([answers.subarray(i, i + 1), pixels.subarray(i * PIXELS, (i + 1) * PIXELS)]));
  }
  return gzipSync(Buffer.concat(records), { level: 9 });
}

/** The plugin: `digits.bin` beside the page, in development and in the build. */
export function digitsFile(): Plugin {
  return {
    name: 'chainrule-digits',
    configureServer(server) {
      server.middlewares.use(`/${FILE}`, (_request, response) => {
        response.setHeader('Content-Type', 'application/octet-stream');
        response.end(makeFile());
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: makeFile() });
    },
  };
}
