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

export const RECORDS_MODULE = 'src/engine/records.generated.ts';

const TYPES = ['i32', 'usize', 'f32', 'f64'];

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
  const names = fields.map(([name]) => `'${name}'`).join(' | ');
  const text = fields.map((field) => field.join(' ')).join(',');
  return `export const ${record.toUpperCase()} = /* @__PURE__ */ layoutOf<${names}>('${text}');\n`;
}

function fieldsOf(record: string, text: string): (readonly [name: string, type: string])[] {
  const [, body] = new RegExp(`@unmanaged\\nexport class ${record} \\{\\n([^]*?)\\n\\}`).exec(text) ?? [];
  if (body === undefined) throw new Error(`there is no record ${record}`);
  return [...body.matchAll(/^ {2}(\w+): (\w+);$/gm)].map(([, name = '', type = '']) => {
    if (!TYPES.includes(type)) {
      throw new Error(`${record}.${name} has the type ${type}: expected ${TYPES.join(', ')}`);
    }
    return [name, type];
  });
}
