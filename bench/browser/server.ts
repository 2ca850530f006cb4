/** Bundles the page and serves it from this machine. */
import { context } from 'esbuild';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/project.js';

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

const TFJS_WASM = join(root, 'bench/peers/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out');

export async function servePage(): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chainrule-'));
  await copyFile(join(import.meta.dirname, 'index.html'), join(folder, 'index.html'));
  for (const name of await readdir(TFJS_WASM)) {
    if (name.endsWith('.wasm')) await copyFile(join(TFJS_WASM, name), join(folder, name));
  }
  const bundle = await context({
    entryPoints: [join(import.meta.dirname, 'page.ts')],
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
  await bundle.rebuild();
  const { port } = await bundle.serve({ servedir: folder, host: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      await bundle.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
