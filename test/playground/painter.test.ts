/** Work per frame is bounded, and nothing that was asked for is lost: by a screen and a clock of the tests' own. */
import { expect, it } from 'vitest';
import { Painter } from '../../examples/playground/src/view/painter.js';

/** A screen whose frames come when they are asked for, and whose clock goes on by what is drawn. */
class Bench {
  time = 0;
  readonly frames: (() => void)[] = [];
  readonly painter = new Painter({ now: () => this.time, frame: (work) => void this.frames.push(work) });
  readonly drawn: string[] = [];

  /** Draws a picture of so many pieces, each of which takes so long. */
  picture(name: string, pieces: number, each: number): () => Iterator<unknown> {
    const { drawn } = this;
    const tick = (): void => void (this.time += each);
    return function* () {
      for (let piece = 0; piece < pieces; piece++) {
        drawn.push(name);
        tick();
        yield;
      }
    };
  }

  /** Shows a frame, and says how long it took. */
  frame(): number {
    const began = this.time;
    this.frames.shift()?.();
    return this.time - began;
  }
}

it('no frame takes longer than its budget and a piece, and all is drawn in the end', () => {
  const bench = new Bench();
  for (let tile = 0; tile < 100; tile++) bench.painter.paint({}, bench.picture(`tile ${tile}`, 1, 0.4));
  bench.painter.paint({}, bench.picture('edges', 40, 2));
  let frames = 0;
  for (; bench.frames.length > 0; frames++) expect(bench.frame()).toBeLessThan(5 + 2);
  expect(new Set(bench.drawn).size).toBe(101);
  expect(bench.drawn).toHaveLength(140);
  expect(frames).toBeGreaterThan(15);
});

it('where the clock stands still, the pieces of a frame are counted', () => {
  const bench = new Bench();
  for (let tile = 0; tile < 100; tile++) bench.painter.paint({}, bench.picture('tile', 1, 0));
  bench.frame();
  expect(bench.drawn.length).toBeLessThanOrEqual(16);
});

it('of pictures for the same canvas the last is drawn, and one that was begun is finished', () => {
  const bench = new Bench();
  const canvas = {};
  bench.painter.paint(canvas, bench.picture('old', 10, 2));
  bench.frame();
  const begun = bench.drawn.length;
  expect(begun).toBeGreaterThan(0);
  for (const name of ['never', 'new']) bench.painter.paint(canvas, bench.picture(name, 1, 1));
  while (bench.frames.length > 0) bench.frame();
  expect(bench.drawn).toEqual([...Array<string>(10).fill('old'), 'new']);
});

it('says when everything has been drawn, and at once when nothing waits', () => {
  const bench = new Bench();
  const said: string[] = [];
  bench.painter.whenSettled(() => said.push('idle'));
  expect(said).toEqual(['idle']);
  bench.painter.paint({}, bench.picture('edges', 10, 2));
  bench.painter.whenSettled(() => said.push('drawn'));
  bench.frame();
  expect(said).toEqual(['idle']);
  while (bench.frames.length > 0) bench.frame();
  expect(said).toEqual(['idle', 'drawn']);
});

it('a canvas that is gone is not drawn on', () => {
  const bench = new Bench();
  const canvas = {};
  bench.painter.paint(canvas, bench.picture('gone', 1, 1));
  bench.painter.drop(canvas);
  bench.frame();
  expect(bench.drawn).toEqual([]);
});
