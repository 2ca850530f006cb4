/** The command line: what can be set, and what is refused, before anything is read or trained. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { whole } from './format.js';

export interface Options {
  readonly epochs: number;
  readonly batchSize: number;
  readonly hidden: readonly number[];
  readonly seed: number;
  readonly rate: number;
  readonly output: string;
  readonly limit: number;
}

export const TRAINING_DIGITS = 60_000;
const MAX_LAYERS = 8;
const MAX_UNITS = 4096;

function wholeNumber(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new InvalidArgumentError(`Expected a whole number from ${whole(min)} to ${whole(max)}.`);
  }
  return value;
}

function hiddenLayers(text: string): number[] {
  const sizes = text.split(',').map((part) => part.trim());
  if (sizes.length > MAX_LAYERS) {
    throw new InvalidArgumentError(`Expected at most ${MAX_LAYERS} hidden layers, came ${sizes.length}.`);
  }
  if (!sizes.every((size) => /^\d+$/.test(size) && Number(size) >= 1 && Number(size) <= MAX_UNITS)) {
    throw new InvalidArgumentError(
      `Expected the number of neurons of each hidden layer, from 1 to ${whole(MAX_UNITS)}, such as 128 or 128,64.`,
    );
  }
  return sizes.map(Number);
}

function learningRate(text: string): number {
  const value = Number(text);
  if (!/^[\d.]+(e[+-]?\d+)?$/i.test(text) || !(value > 0 && value <= 1)) {
    throw new InvalidArgumentError('Expected a number above 0 and at most 1, such as 0.001 or 1e-3.');
  }
  return value;
}

function folderName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected the name of a folder.');
  return text;
}

export function createCommand(): Command {
  return new Command('npm start --')
    .usage('[options]')
    .description('Trains a network on the handwritten digits of MNIST, in WebAssembly, and reports how it did.')
    .option('--epochs <n>', 'passes over the training digits', (text) => wholeNumber(text, 1, 1000), 10)
    .option('--batch-size <n>', 'digits per step', (text) => wholeNumber(text, 1, TRAINING_DIGITS), 32)
    .addOption(
      new Option('--hidden <sizes>', 'neurons of each hidden layer, such as 128 or 128,64')
        .argParser(hiddenLayers)
        .default([128], '128'),
    )
    .option(
      '--seed <n>',
      'the same seed gives the same network, bit for bit',
      (text) => wholeNumber(text, 0, 2 ** 32 - 1),
      42,
    )
    .option('--rate <number>', 'learning rate of Adam; falls to 0 along a cosine', learningRate, 0.001)
    .option('--output <folder>', 'where the model and the report are written', folderName, 'results/digits')
    .option(
      '--limit <n>',
      'use only the first n training digits',
      (text) => wholeNumber(text, 1, TRAINING_DIGITS),
      TRAINING_DIGITS,
    )
    .showHelpAfterError('"npm start -- --help" lists the options.');
}

/** Reads the command line (without node and the script); `--help` and refusals end the process. */
export function parseOptions(args: readonly string[]): Options {
  return createCommand().parse(args, { from: 'user' }).opts<Options>();
}
