/** Builds the page once for all tests, and serves the static result. */
import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { PLAYGROUND } from '../../scripts/project.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the page is served. */
    address: string;
  }
}

const configFile = PLAYGROUND;

export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  await build({ configFile, logLevel: 'error' });
  const server = await preview({ configFile, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('the page is not served');
  project.provide('address', address);
  return () => server.close();
}
