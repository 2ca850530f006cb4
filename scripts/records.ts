/** Reads the records of the kernels, and writes which fields each has: `src/engine/records.generated.ts`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './project.js';

/** The class that the host writes and reads in each file. */
const RECORDS = {
  'assembly/abi/network.ts': 'Network',
  'assembly/abi/layer.ts': 'Layer',
  'assembly/optimizers/record.ts': 'Optimizer',
};

/** The fields behind this one are the kernels' own, which the host need not know. */
const LAST_KNOWN = 'narrowSteps';

export const RECORDS_MODULE = 'src/engine/records.generated.ts';

/** What the list says of a field of each type: the bytes of a float. */
const TYPES: Readonly<Record<string, string>> = { i32: '', usize: '', f32: ' 4', f64: ' 8' };

/** The module's text. */
export async function generateRecords(): Promise<string> {
  const records: string[] = [];
  for (const [path, name] of Object.entries(RECORDS)) {
    records.push(declaration(name, fieldsOf(name, await readFile(join(root, path), 'utf8'))));
  }
  const lines = [
    `// Written by scripts/records.ts during the build: the fields of the kernels' records, in order. Never edit it.`,
    `import { layoutOf } from './records.js';\n`,
    ...records,
  ];
  return lines.join('\n');
}

function declaration(record: string, fields: readonly (readonly [name: string, type: string])[]): string {
  const known = fields.slice(0, fields.findIndex(([name]) => name === LAST_KNOWN) + 1 || undefined);
  const names = known.map(([name]) => `'${name}'`).join(' | ');
  const text = known.map(([name, type]) => name + TYPES[type]).join(',');
  return `export const ${record.toUpperCase()} = /* @__PURE__ */ layoutOf<${names}>(${bytesOf(fields)}, '${text}');\n`;
}

/** The bytes of a record: each field lies at a multiple of its size, and the whole is a multiple of the largest. */
function bytesOf(fields: readonly (readonly [name: string, type: string])[]): number {
  let [end, widest] = [0, 0];
  for (const [, type] of fields) {
    const size = type === 'f64' ? 8 : 4;
    end = Math.ceil(end / size) * size + size;
    widest = Math.max(widest, size);
  }
  return Math.ceil(end / widest) * widest;
}

function fieldsOf(record: string, text: string): (readonly [name: string, type: string])[] {
  const [, body] = new RegExp(`@unmanaged\\nexport class ${record} \\{\\n([^]*?)\\n\\}`).exec(text) ?? [];
  if (body === undefined) throw new Error(`there is no record ${record}`);
  return [...body.matchAll(/^ {2}(\w+): (\w+);$/gm)].map(([, name = '', type = '']) => {
    if (!Object.hasOwn(TYPES, type)) {
      throw new Error(`${record}.${name} has the type ${type}: expected ${Object.keys(TYPES).join(', ')}`);
    }
    return [name, type];
  });
}
