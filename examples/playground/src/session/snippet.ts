/** What a program needs that computes the derivative that is shown, and how its lines are told apart. */
import type { Examples } from '../data/data-set.js';
import type { Focus, Setting } from '../setting/setting.js';
import type { Part } from './factors.js';

export interface Subject {
  readonly setting: Setting;
  readonly focus: Focus;
  /** Of each layer, `[out, in]` and `[out]`. */
  readonly weights: readonly Float32Array[];
  readonly biases: readonly Float32Array[];
  /** Whose cost is averaged. */
  readonly examples: Examples;
  /** The example among them that the factors are of; undefined where it is not one of them. */
  readonly row: number | undefined;
}

/** A line of a program; `part` is the part of the chain that it computes. */
export interface Line {
  readonly text: string;
  readonly part?: Part;
}

export interface Snippet {
  /** The weights and the examples: as long as they are. */
  readonly values: readonly string[];
  /** What one reads. */
  readonly lines: readonly Line[];
}

/** The whole program. */
export function programOf({ values, lines }: Snippet): string {
  const texts = lines.map(({ text }) => text);
  return [texts[0], ...values, ...texts.slice(1), ''].join('\n');
}

/** More numbers than that make a program that nobody can paste. */
export const MOST_NUMBERS = 20_000;

export function numbersOf({ weights, biases, examples: { x, y } }: Subject): number {
  return [...weights, ...biases, x, y].reduce((sum, { length }) => sum + length, 0);
}

/** Numbers with as few digits as tell these float32 apart from all others. */
export function listOf(values: Float32Array): string {
  return Array.from(values, (value) => {
    for (let digits = 6; digits < 9; digits++) {
      const short = Number(value.toPrecision(digits));
      if (Math.fround(short) === value) return String(short);
    }
    return String(Number(value.toPrecision(9)));
  }).join(', ');
}

/** The activations of all layers, the output's last. */
export function activationsOf({ setting }: Subject): readonly string[] {
  return [...setting.layers.map(({ activation }) => activation), setting.output];
}
