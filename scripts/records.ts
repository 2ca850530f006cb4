/** Reads the records of the kernels, and writes where in memory the fields of each lie: `src/engine/records.generated.ts`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './project.js';

/** The class that the host writes and reads in each file. */
const RECORDS = {
  'assembly/abi/network.ts': 'Network',
  'assembly/abi/layer.ts': 'Layer',
  'assembly/optimizers/record.ts': 'Optimizer',
};

export const RECORDS_MODULE = 'src/engine/records.generated.ts';

const BYTES = { i32: 4, usize: 4, f32: 4, f64: 8 } as const;
type FieldType = keyof typeof BYTES;

interface Layout {
  readonly name: string;
  readonly bytes: number;
  readonly fields: readonly (readonly [name: string, type: FieldType, offset: number])[];
}

/** The module's text. */
export async function generateRecords(): Promise<string> {
  const layouts: Layout[] = [];
  for (const [path, name] of Object.entries(RECORDS)) {
    layouts.push(layoutOf(name, await readFile(join(root, path), 'utf8')));
  }
  const records = layouts.map(({ name, bytes, fields }) => {
    const lines = fields.map(([field, type, offset]) => `    ${field}: ['${type}', ${offset}],\n`);
    return `export const ${name.toUpperCase()} = {\n  bytes: ${bytes},\n  fields: {\n${lines.join('')}  },\n} as const;\n`;
  });
  return `// Written by scripts/records.ts during the build: how the kernels' records lie in memory. Never edit it.\n${records.join('\n')}`;
}

/** As AssemblyScript lays out an `@unmanaged` class: in order, each field at a multiple of its own size. */
function layoutOf(name: string, text: string): Layout {
  const [, body] = new RegExp(`@unmanaged\\nexport class ${name} \\{\\n([^]*?)\\n\\}`).exec(text) ?? [];
  if (body === undefined) throw new Error(`there is no record ${name}`);
  let offset = 0;
  const fields = [...body.matchAll(/^ {2}(\w+): (\w+);$/gm)].map(([, field = '', type = '']) => {
    if (!(type in BYTES))
      throw new Error(`${name}.${field} has the type ${type}: expected ${Object.keys(BYTES).join(', ')}`);
    const bytes = BYTES[type as FieldType];
    const at = Math.ceil(offset / bytes) * bytes;
    offset = at + bytes;
    return [field, type as FieldType, at] as const;
  });
  const widest = Math.max(...fields.map(([, type]) => BYTES[type]));
  return { name, fields, bytes: Math.ceil(offset / widest) * widest };
}
