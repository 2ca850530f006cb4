import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { onlyOption, parseCount, parseNames, parseSeconds } from '../../bench/options.js';
import { PEERS, selectPeers } from '../../bench/peers/roster.js';

test('names are read in any case, with spaces or without, and come in their own order', () => {
  expect(parseNames('w4, START,W1', ['W1', 'W4', 'start'])).toEqual(['W1', 'W4', 'start']);
});

test('everything is measured unless something is named', () => {
  expect(onlyOption(['start']).defaultValue).toEqual(['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'start']);
});

test.each([
  [(text: string) => parseNames(text, ['W1', 'W2']), 'W1,W9', 'expected some of W1, W2; got "w9"'],
  [parseSeconds, '0', 'expected a positive number of seconds'],
  [parseSeconds, 'Infinity', 'expected a positive number of seconds'],
  [parseCount, '1.5', 'expected a positive whole number'],
])('%o refuses %s', (parse, text, message) => {
  expect(() => parse(text)).toThrow(InvalidArgumentError);
  expect(() => parse(text)).toThrow(message);
});

test.each([
  [parseSeconds, '0.5', 0.5],
  [parseCount, '3', 3],
])('%o reads %s', (parse, text, value) => {
  expect(parse(text)).toBe(value);
});

test('peers are chosen by parts of their names, and the library always takes part', () => {
  expect(selectPeers('brain, torch').map(({ name }) => name)).toEqual([
    'chainrule',
    'brain.js 1',
    'brain.js 2',
    'PyTorch',
  ]);
  expect(() => selectPeers('keras')).toThrow('no peer is called "keras": expected some of chainrule, ');
  expect(new Set(PEERS.map(({ name }) => name)).size).toBe(PEERS.length);
});
