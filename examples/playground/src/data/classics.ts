/** The classics of the plane. Each coordinate is a multiple of 2^-12, see `Points`. */
import type { DataName } from '../setting/setting.js';
import type { Table } from './data-set.js';
import { Random } from './random.js';

const COUNT = 500;

export type ClassicName = Exclude<DataName, 'digits' | 'csv'>;

/** How far the plane reaches each way. */
export const REACH = 3;

/**
 * Points with their targets. Coordinates are rounded to multiples of 2^-12: the engines' own sine and cosine differ
 * in the last bit, and the same address must give the same data, and so the same weights, everywhere.
 */
class Points {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly #random: Random;
  readonly #noise: number;

  constructor(random: Random, noise: number) {
    this.#random = random;
    this.#noise = noise;
  }

  add(x1: number, x2: number, target: number): void {
    for (const value of [x1, x2]) this.x.push(grid(value + this.#noise * this.#random.normal()));
    this.y.push(target);
  }
}

function grid(value: number): number {
  return Math.round(value * 4096) / 4096;
}

type Maker = (random: Random, points: Points) => void;

/** Inside a disc, or in a ring around it. */
const circle: Maker = (random, points) => {
  while (points.y.length < COUNT) {
    const [x1, x2] = [random.between(-2.4, 2.4), random.between(-2.4, 2.4)];
    const square = x1 * x1 + x2 * x2;
    const inner = points.y.length % 2 === 0;
    if (inner ? square < 1.2 * 1.2 : square > 1.7 * 1.7 && square < 2.4 * 2.4) points.add(x1, x2, Number(inner));
  }
};

/** The sign of the product of the coordinates, with a gap along the axes. */
const xor: Maker = (random, points) => {
  const coordinate = (): number => {
    const value = random.between(-2.2, 2.2);
    return value + Math.sign(value) * 0.2;
  };
  while (points.y.length < COUNT) {
    const [x1, x2] = [coordinate(), coordinate()];
    points.add(x1, x2, Number(x1 * x2 > 0));
  }
};

/** Two clouds. */
const gauss: Maker = (random, points) => {
  for (let i = 0; i < COUNT; i++) {
    const centre = i % 2 ? 1.1 : -1.1;
    points.add(centre + 0.5 * random.normal(), centre + 0.5 * random.normal(), i % 2);
  }
};

/** Two arms, each one and three quarter turns. */
const spiral: Maker = (random, points) => {
  for (let i = 0; i < COUNT; i++) {
    const along = random.uniform();
    const angle = 3.5 * Math.PI * along + (i % 2 ? Math.PI : 0);
    const radius = 0.15 + 2.35 * along;
    points.add(radius * Math.sin(angle), radius * Math.cos(angle), i % 2);
  }
};

/** Two half circles, each with its end inside the other. */
const moons: Maker = (random, points) => {
  for (let i = 0; i < COUNT; i++) {
    const angle = Math.PI * random.uniform();
    const [c, s] = [1.5 * Math.cos(angle), 1.5 * Math.sin(angle)];
    if (i % 2) points.add(c - 0.75, s - 0.4, 1);
    else points.add(0.75 - c, 0.4 - s, 0);
  }
};

/** A number for each point: the height of a plane over it. */
const plane: Maker = (random, points) => {
  for (let i = 0; i < COUNT; i++) {
    const [x1, x2] = [random.between(-2.4, 2.4), random.between(-2.4, 2.4)];
    points.add(x1, x2, grid((x1 + x2) / 4.8));
  }
};

const MAKERS: Readonly<Record<ClassicName, Maker>> = { circle, xor, gauss, spiral, moons, plane };

/** Makes one of the classics: 500 points, with noise of the given deviation, from a seed. */
export function makeClassic(name: ClassicName, noise: number, seed: number): Table {
  const random = new Random(seed);
  const points = new Points(random, noise);
  MAKERS[name](random, points);
  return { count: COUNT, inputs: 2, outputs: 1, x: Float32Array.from(points.x), y: Float32Array.from(points.y) };
}
