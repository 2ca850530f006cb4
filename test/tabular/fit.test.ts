/** fitTable: how well it learns, the same bits from the same seed, units, and every form of a table. */
import { describe, expect, it } from 'vitest';
import { fitTable, type Rows, type TableOptions } from '../../src/tabular/index.js';
import { dataSet, houses, ordering, type Row, uniform } from './support.js';

/** What a report says but for the time. */
const lasting = ({ seconds: _, text: __, ...facts }: { seconds: number; text: string }) => facts;

async function made(rows: Rows, options: TableOptions) {
  const { model, report } = await fitTable(rows, options);
  const bytes = Buffer.from(model.save());
  model.dispose();
  return { bytes, report };
}

describe('learns', () => {
  // the bits are the same everywhere, so that these are no luck: what one machine reaches, each does
  it.each([
    ['iris', 0.93],
    ['wine', 0.94],
    ['moons', 0.93],
    ['spirals', 0.97],
    ['breast-cancer', 0.95],
  ])('%s: accuracy of at least %s', async (name, least) => {
    const { rows, target } = dataSet(name);
    const { model, report } = await fitTable(rows, { target, seed: 1 });
    const { scores, baselines } = report;
    if (scores?.task !== 'classes') throw new Error('classes');
    expect(scores.accuracy).toBeGreaterThanOrEqual(least);
    expect(baselines.map((each) => each.name)).toEqual(['majority class', 'linear model']);
    expect(report.rows.held).toBe(Math.round(rows.length / 5));
    model.dispose();
  });

  it.each([
    ['diabetes', 0.35],
    ['friedman1', 0.88],
  ])('%s: R² of at least %s', async (name, least) => {
    const { rows, target } = dataSet(name);
    const { model, report } = await fitTable(rows, { target, seed: 1 });
    if (report.scores?.task !== 'numbers') throw new Error('numbers');
    expect(report.scores.targets[0].r2).toBeGreaterThan(least);
    expect(report.baselines.map((each) => each.name)).toEqual(['mean', 'linear model']);
    model.dispose();
  });

  it('columns of every kind, in the units of the target', async () => {
    const rows = houses(400);
    const { model, report } = await fitTable(rows, { target: 'price', columns: { dear: 'ignore' } });
    if (report.scores?.task !== 'numbers') throw new Error('numbers');
    const [{ r2, rmse, mae }] = report.scores.targets;
    expect(r2).toBeGreaterThan(0.8);
    expect(rmse).toBeLessThan(60_000);
    expect(mae).toBeGreaterThan(1000);
    expect(Object.fromEntries(report.columns.map(({ name, kind }) => [name, kind]))).toEqual({
      area: 'number',
      city: 'category',
      garden: 'boolean',
      built: 'date',
    });
    expect(report.leftOut.map(({ name }) => name)).toEqual(['id', 'country', 'dear']);
    expect(report.importance[0].column).toMatch(/area|city/);
    const said = model.predict({ area: 100, city: 'Rome', garden: true, built: '2015-06-15' });
    expect(Object.keys(said)).toEqual(['price']);
    expect(Math.abs(Number(said['price']) - 390_000)).toBeLessThan(40_000);
    model.dispose();
  });

  it('several targets at once', async () => {
    const draw = uniform(3);
    const rows = Array.from({ length: 300 }, () => {
      const [a, b] = [draw(), draw()];
      return { a, b, sum: 1000 + 100 * (a + b), product: a * b };
    });
    const { model, report } = await fitTable(rows, { target: ['sum', 'product'] });
    if (report.scores?.task !== 'numbers') throw new Error('numbers');
    expect(report.scores.targets.map(({ name }) => name)).toEqual(['sum', 'product']);
    for (const { r2 } of report.scores.targets) expect(r2).toBeGreaterThan(0.9);
    const said = model.predict({ a: 0.5, b: -0.5 });
    expect(Number(said['sum'])).toBeGreaterThan(980);
    expect(Number(said['product'])).toBeLessThan(0);
    model.dispose();
  });

  it('many categories through an embedding, unseen ones by their slot', async () => {
    const draw = uniform(5);
    const effect = Array.from({ length: 60 }, () => draw());
    const rows = Array.from({ length: 1200 }, () => {
      const code = Math.floor((draw() + 1) * 30) % 60;
      return { code: `c${code}`, y: effect[code] + 0.1 * draw() };
    });
    const { model, report } = await fitTable(rows, { target: 'y' });
    if (report.scores?.task !== 'numbers') throw new Error('numbers');
    expect(report.scores.targets[0].r2).toBeGreaterThan(0.85);
    const unseen = model.predict([{ code: 'new' }, { code: 'newer' }, { code: null }]);
    expect(unseen[1]).toEqual(unseen[0]);
    expect(Math.abs(Number(unseen[0]['y']))).toBeLessThan(1);
    model.dispose();
  });

  it('10,000 categories', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ code: `k${i % 10_000}`, y: i % 2 ? 'odd' : 'even' }));
    const { model, report } = await fitTable(rows, { target: 'y', columns: { code: 'category' } });
    expect(report.columns[0].does).toMatch(/embedding/);
    expect(model.predict({ code: 'unheard of' })['y']).toMatch(/odd|even/);
    model.dispose();
  });
});

describe('bits', () => {
  const rows = houses(120);
  const options = { target: 'dear', seed: 7 } as const;

  it('are those of the seed', async () => {
    const [one, two] = [await made(rows, options), await made(rows, options)];
    expect(two.bytes.equals(one.bytes)).toBe(true);
    expect(lasting(two.report)).toEqual(lasting(one.report));
    const other = await made(rows, { ...options, seed: 8 });
    expect(other.bytes.equals(one.bytes)).toBe(false);
  });

  it('are the same however the table comes', async () => {
    const columns = Object.fromEntries(Object.keys(rows[0]).map((name) => [name, rows.map((row) => row[name])]));
    const arrow = {
      schema: { fields: Object.keys(columns).map((name) => ({ name })) },
      getChild: (name: string) => columns[name].values(), // a vector is iterable, and no array
    };
    async function* oneByOne() {
      for (const row of rows) yield await Promise.resolve(row);
    }
    const wanted = await made(rows, options);
    for (const form of [new Set(rows), oneByOne(), columns, arrow] as Rows[]) {
      expect((await made(form, options)).bytes.equals(wanted.bytes)).toBe(true);
    }
  });

  it('do not depend on rows that are held out', async () => {
    const { model, report } = await fitTable(rows, options);
    const plain = model.save();
    const held = await heldRows(rows, options);
    expect(held).toHaveLength(report.rows.held);
    const moved = rows.map((row, i) => (held.includes(i) ? { ...row, area: 1e9 } : row));
    const again = await fitTable(moved, options);
    expect(Buffer.from(again.model.save()).equals(Buffer.from(plain))).toBe(true);
    model.dispose();
    again.model.dispose();
  });

  /** Which rows are held out, by the split's own rule. */
  async function heldRows(all: readonly Row[], { target, seed }: { target: string; seed: number }) {
    const { holdOut } = await import('../../src/tabular/split.js');
    const { Random } = await import('../../src/tabular/arithmetic.js');
    const first = all[0][target];
    const classes = all.map((row) => (row[target] === first ? 0 : 1));
    return holdOut(
      all.map((_, i) => i),
      ordering({ classes }),
      0.2,
      new Random(seed, 0),
    ).held;
  }
});

describe('folds', () => {
  it('hold each row out once, and make the model of all', async () => {
    const { rows, target } = dataSet('iris');
    const { model, report } = await fitTable(rows, { target, folds: 3 });
    expect(report.rows).toEqual({ given: 150, withoutTarget: 0, training: 150, held: 150 });
    expect(report.folds).toHaveLength(3);
    const accuracy = report.spread?.find(({ name }) => name === 'accuracy');
    expect(accuracy?.mean).toBeGreaterThan(0.93);
    expect(accuracy?.deviation).toBeGreaterThan(0);
    expect(report.text).toMatch(/in 3 folds[^]*accuracy +0\.9\d+ ± 0\.0\d+/);
    model.dispose();
  });

  it('keep groups whole', async () => {
    const rows = houses(100).map((row, i) => ({ ...row, owner: `o${i % 9}` }));
    const { model, report } = await fitTable(rows, { target: 'dear', group: 'owner', folds: 3 });
    expect(report.leftOut).toContainEqual({ name: 'owner', kind: 'ignore', does: 'left out: the groups of the split' });
    model.dispose();
  });

  it('go forward in time', async () => {
    const { model, report } = await fitTable(houses(100), { target: 'price', time: 'built', folds: 2 });
    expect(report.folds).toHaveLength(2);
    expect(report.rows.held).toBe(67);
    model.dispose();
  });
});

describe('steering', () => {
  it('tells of each epoch', async () => {
    const told: string[] = [];
    const { model, report } = await fitTable(houses(60), {
      target: 'dear',
      onProgress: ({ stage, network, networks, epoch, epochs, loss, validationLoss }) => {
        expect(epoch).toBeLessThanOrEqual(epochs);
        expect(loss + validationLoss).toBeGreaterThan(0);
        told.push(`${stage} ${network}/${networks}`);
      },
    });
    expect([...new Set(told)]).toEqual(
      ['1/5', '2/5', '3/5', '4/5', '5/5'].map((which) => `model ${which}`).concat('linear model 1/1'),
    );
    expect(report.learning.map(({ epochs }) => epochs.length).reduce((a, b) => a + b)).toBe(
      told.filter((stage) => stage.startsWith('model')).length,
    );
    model.dispose();
  });

  it('stops by its signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const fitting = fitTable(houses(60), {
      target: 'dear',
      signal: controller.signal,
      onProgress: ({ network }) => {
        if (network === 2) controller.abort(reason);
      },
    });
    await expect(fitting).rejects.toBe(reason);
  });

  it('holds no row out where that is asked for', async () => {
    const { model, report } = await fitTable(houses(60), { target: 'dear', holdout: 0 });
    expect(report.scores).toBe(undefined);
    expect(report.text).toContain('No rows are held out');
    model.dispose();
  });
});
