/** The house: which rooms of `src` may ask which others, and that no module leads back to itself. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the bottom up: a room asks those below it, and itself. Rooms of one floor may ask each other. */
const FLOORS = [
  ['support'],
  ['engine'],
  ['layers', 'choices', 'data'],
  ['threads'],
  ['model'],
  ['training', 'files'],
  ['api'],
  ['index.ts'],
  ['wide.ts', 'tabular'],
];

/** What a bundle beside the library's may hold a copy of: functions of their arguments alone. */
const STATELESS = ['support/check.ts', 'files/json.ts', 'files/read-safetensors.ts', 'files/write-safetensors.ts'];

const SRC = new URL('../../src/', import.meta.url);

/** The modules of `src`, and those that each imports; types too, for they are what its reader has to know. */
const imports = new Map(
  readdirSync(SRC, { encoding: 'utf8', recursive: true })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.generated.ts'))
    .map((path) => [path, importsOf(path)]),
);

function importsOf(path: string): string[] {
  const text = readFileSync(new URL(path, SRC), 'utf8');
  const named = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.js'/g)];
  return named
    .map(([, to = '']) =>
      normalize(join(dirname(path), `${to}.ts`))
        .split(sep)
        .join('/'),
    )
    .filter((to) => !to.endsWith('.generated.ts'));
}

const floorOf = (path: string): number => FLOORS.findIndex((rooms) => rooms.includes(path.split('/')[0]));

describe('the house', () => {
  it('has a floor for every module', () => {
    expect(imports.size).toBeGreaterThan(50);
    expect([...imports.keys()].filter((path) => floorOf(path) < 0)).toEqual([]);
    expect([...imports.values()].flat().filter((path) => !imports.has(path))).toEqual([]);
  });

  it('has arrows that lead down', () => {
    const up = [...imports].flatMap(([path, to]) =>
      to.filter((other) => floorOf(other) > floorOf(path)).map((other) => `${path} -> ${other}`),
    );
    expect(up).toEqual([]);
  });

  it('has tables that ask the library as its users do', () => {
    const allowed = [...STATELESS, 'index.ts'];
    const own = [...imports].filter(([path]) => path.startsWith('tabular/'));
    const others = own.flatMap(([path, to]) =>
      to
        .filter((other) => !other.startsWith('tabular/') && !allowed.includes(other))
        .map((other) => `${path} -> ${other}`),
    );
    expect(own.length).toBeGreaterThan(10);
    expect(others).toEqual([]);
  });

  it('has no circle', () => {
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) throw new Error([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path)) return;
      for (const to of imports.get(path) ?? []) visit(to, [...trail, path]);
      done.add(path);
    };
    for (const path of imports.keys()) expect(() => visit(path, [])).not.toThrow();
  });
});
