/** Model files: the same bits, all that was learnt, and hostile bytes. */
import { beforeAll, describe, expect, it } from 'vitest';
import { FileFormatError, createNetwork, dense } from '../../src/index.js';
import { decodeSafetensors } from '../../src/files/read-safetensors.js';
import { encodeSafetensors, type Tensor } from '../../src/files/write-safetensors.js';
import { fitTable, loadModel, type TableModel } from '../../src/tabular/index.js';
import { refusal } from '../errors/support.js';
import { houses, uniform, type Row } from './support.js';

const KEY = 'chainrule.tabular';
const draw = uniform(11);
const rows: Row[] = houses(200).map((row) => ({ ...row, code: `c${Math.floor((draw() + 1) * 15)}` }));
const models: TableModel[] = [];
let bytes: Uint8Array;

beforeAll(async () => {
  for (const target of ['dear', 'price', ['price', 'area']])
    models.push((await fitTable(rows, { target, seed: 3 })).model);
  bytes = models[0].save();
});

interface Description {
  version?: number;
  secret?: number;
  networks: number;
  target: { labels: string[] };
  recipe: { hidden: number[] };
  columns: { name: string; kind: string; state: { scale: { width: number }; categories: string[] } }[];
}

/** The file with its description changed. */
function changed(change: (description: Description) => void): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const description = JSON.parse(metadata.get(KEY)!) as Description;
  change(description);
  return encodeSafetensors(tensors as Map<string, Tensor>, { [KEY]: JSON.stringify(description) });
}

describe('a file', () => {
  it.each([0, 1, 2])('gives the same bits (model %s)', async (which) => {
    const model = models[which];
    const file = model.save();
    const again = await loadModel(file);
    expect(again.predict(rows)).toEqual(model.predict(rows));
    expect(again.predict([{ area: '1e9' }, { city: 'Ulm', code: 'none' }])).toEqual(
      model.predict([{ area: '1e9' }, { city: 'Ulm', code: 'none' }]),
    );
    expect(Buffer.from(again.save()).equals(Buffer.from(file))).toBe(true);
    expect([again.task, again.targets, again.classes, again.columns, again.seed]).toEqual([
      model.task,
      model.targets,
      model.classes,
      model.columns,
      model.seed,
    ]);
    expect(await again.evaluate(rows)).toEqual(await model.evaluate(rows));
    expect(again.explain(rows[0])).toEqual(model.explain(rows[0]));
    again.dispose();
  });

  it('is safetensors, with the tensors of each network and a description in JSON', () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    expect([...tensors.keys()].filter((name) => name.startsWith('4.'))).toHaveLength(7); // an embedding, three layers
    expect(tensors.get('0.layers.1.weight')?.shape[0]).toBe(64);
    const description = JSON.parse(metadata.get(KEY)!);
    expect(description.target).toEqual({ task: 'classes', name: 'dear', labels: ['no', 'yes'] });
    expect(description.columns.find(({ name }: { name: string }) => name === 'city').state.categories).toContain(
      'Oslo',
    );
  });

  it('can come as an ArrayBuffer', async () => {
    (await loadModel(bytes.slice().buffer)).dispose();
  });
});

describe('is refused:', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['nothing', () => new Uint8Array(0), /truncated/],
    ['text', () => new TextEncoder().encode('{"this is": "no safetensors"}'), /no safetensors file/],
    ['another file', () => encodeSafetensors([], { a: 'b' }), /no model of a table$/],
    ['no JSON', () => encodeSafetensors([], { [KEY]: '{' }), /describes no valid model/],
    ['deep JSON', () => encodeSafetensors([], { [KEY]: '['.repeat(1e6) }), /describes no valid model/],
    [
      'a newer version',
      () => changed((all) => (all.version = 2)),
      /of version 2, and this release reads up to 1: update/,
    ],
    ['no version', () => changed((all) => delete all.version), /"version" must be/],
    ['an unknown field', () => changed((all) => (all.secret = 1)), /no option "secret"/],
    ['an unknown kind', () => changed((all) => (all.columns[1].kind = 'image')), /"kind" must be one of/],
    ['a column twice', () => changed((all) => all.columns.push(all.columns[1])), /comes twice/],
    ['a width of 0', () => changed((all) => (all.columns[1].state.scale.width = 0)), /"width" must be/],
    ['one class', () => changed((all) => all.target.labels.pop()), /two or more/],
    ['more classes', () => changed((all) => all.target.labels.push('c')), /./],
    ['vast layers', () => changed((all) => (all.recipe.hidden = [4096, 4096])), /weights/],
    ['layers beyond that', () => changed((all) => (all.recipe.hidden = [1e9])), /"hidden" must be/],
    ['more networks', () => changed((all) => (all.networks = 6)), /weights/],
    ['fewer networks', () => changed((all) => (all.networks = 4)), /too many/],
    [
      'a category less',
      () => changed((all) => all.columns.find(({ name }) => name === 'city')!.state.categories.pop()),
      /./,
    ],
    ['no columns', () => changed((all) => (all.columns = [])), /./],
  ])('%s', async (_, make, message) => {
    const file = make();
    const said = await refusal(() => loadModel(file));
    expect(said).toMatch(/^FileFormatError: /);
    expect(said).toMatch(message);
  });

  it('a network, with what to do', async () => {
    const net = await createNetwork({ inputs: 1, layers: [dense(1)] });
    expect(await refusal(() => loadModel(net.save()))).toBe(
      'FileFormatError: the file is no model of a table: it is a network, for loadNetwork',
    );
    net.dispose();
  });

  it('every cut and many a flipped byte of the header, or it predicts', async () => {
    const length = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let at = 0; at < length; at += 97) {
      await expect(loadModel(bytes.slice(0, at))).rejects.toThrow(FileFormatError);
      const flipped = bytes.slice();
      flipped[at] ^= 1 << (at % 8);
      try {
        const model = await loadModel(flipped);
        model.predict([]);
        model.dispose();
      } catch (error) {
        expect(error).toBeInstanceOf(FileFormatError);
      }
    }
  });

  it('a description with names of prototypes touches none', async () => {
    const file = changed((all) => {
      all.columns[1].state = JSON.parse('{"__proto__": {"polluted": 1}, "format": "point"}');
    });
    expect(await refusal(() => loadModel(file))).toMatch(/^FileFormatError: /);
    expect(({} as Record<string, unknown>)['polluted']).toBe(undefined);
  });
});
