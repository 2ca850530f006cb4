/** Pages without a bundler, in each browser. */
import { parseReport, type Host } from './host.js';
import { openChromium, openFirefox, type Opener } from './pages.js';
import { serve } from './server.js';
import { openWebKit } from './webkit.js';

export const OPENERS = [openChromium, openFirefox, openWebKit];

/** What makes a page cross-origin isolated. */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Nothing but the site's own scripts, and wasm. An import map in the page would be a script of the page's own. */
export const STRICT = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'`;

export const BROWSERS: Host[] = OPENERS.flatMap((opener) => [
  page(opener, 'static page, import map', 'import-map.html'),
  page(opener, 'static page, `chainrule/standalone`', 'standalone.html'),
  page(opener, 'module worker', 'worker.html'),
  page(opener, 'strict Content-Security-Policy', 'standalone.html', { 'Content-Security-Policy': STRICT }),
]);

function page(opener: Opener, way: string, file: string, headers: Record<string, string> = {}): Host {
  return {
    runtime: opener.name,
    way,
    missing: opener.missing,
    run: async (project) => {
      const text = await readPage(opener, project, file, { ...ISOLATED, ...headers });
      return { version: await opener.version(), report: parseReport(text) };
    },
  };
}

/** What a page of the project's `program` shows when it is served with these headers. */
export async function readPage(
  opener: Opener,
  project: string,
  file: string,
  headers: Record<string, string>,
): Promise<string> {
  const server = await serve(project, headers);
  try {
    return await opener.read(`${server.address}program/${file}`);
  } finally {
    await server.close();
  }
}
