import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { parseCount, parseSeconds, parseWorkloads } from '../../bench/options.js';

test('workloads are named in any case, with spaces or without', () => {
  expect(parseWorkloads('w4, W1').map(({ name }) => name)).toEqual(['W4', 'W1']);
});

test.each([
  [parseWorkloads, 'W1,W9', 'there is no workload "W9"'],
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
