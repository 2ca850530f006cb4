/** The package's types as one file: what is public, and nothing of what is inside. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { root } from './project.js';
import type { Outputs } from './stage.js';

/**
 * Rolls up the declarations that TypeScript wrote into a folder. They come twice, as those of a module and those of
 * CommonJS, and with them the types of the kernels' files, whatever a host or a bundler makes of their import.
 */
export async function bundleTypes(folder: string): Promise<Outputs> {
  const bundle = await rollup({
    input: join(folder, 'index.d.ts'),
    plugins: [dts({ tsconfig: join(root, 'tsconfig.build.json') })],
  });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  const types = await withoutTypesAsValues(output[0].code, join(folder, 'index.js'));
  const kernels = (index: string): string =>
    `import type { KernelSource } from './${index}';\n\n/** For \`provideKernels\`. */\ndeclare const kernels: KernelSource;\n`;
  const wide = await readFile(join(folder, 'wide.d.ts'), 'utf8');
  const tabular = await tabularTypes(folder);
  return {
    'dist/wide.d.ts': wide,
    'dist/wide.d.cts': wide,
    'dist/tabular.d.ts': tabular.replaceAll('../index.js', './index.js'),
    'dist/tabular.d.cts': tabular.replaceAll('../index.js', './index.cjs'),
    'dist/index.d.ts': types,
    'dist/index.d.cts': types,
    'dist/wasm.d.ts': `${kernels('index.js')}export default kernels;\n`,
    'dist/wasm.d.cts': `${kernels('index.cjs')}export default kernels;\n`,
  };
}

/** Those of `chainrule/tabular`, which ask the library's own. */
async function tabularTypes(folder: string): Promise<string> {
  const bundle = await rollup({
    input: join(folder, 'tabular/index.d.ts'),
    plugins: [dts({ tsconfig: join(root, 'tsconfig.build.json') })],
    external: (path) => path.endsWith('/index.js'),
  });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  return withoutTypesAsValues(output[0].code, join(folder, 'tabular/index.js'));
}

/** A class that the package gives out as a type alone, the roll-up takes for a value: only the code knows. */
async function withoutTypesAsValues(types: string, code: string): Promise<string> {
  const values = Object.keys((await import(pathToFileURL(code).href)) as object);
  return types.replace(/^export \{ (.*) \};$/m, (_, names: string) => {
    const known = names.split(', ').map((name) => (values.includes(name) ? name : `type ${name}`));
    return `export { ${known.join(', ')} };`;
  });
}
