/** Installs the peers from their own lock file, once. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from '../../scripts/project.js';

export async function installPeers(): Promise<void> {
  if (existsSync(join(import.meta.dirname, 'node_modules'))) return;
  console.error('installing the other libraries into bench/peers: this takes a while');
  await runNpm(['ci'], import.meta.dirname);
}
