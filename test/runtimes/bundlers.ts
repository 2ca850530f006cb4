/** Bundlers and development servers, by their command lines; Chromium opens what they make. */
import { execFile, spawn } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseReport, type Host } from './host.js';
import { printed } from './printed.js';
import { openChromium } from './pages.js';
import { tools } from '../../scripts/tools.js';
import { createPage } from './project.js';
import { serve } from './server.js';

const execute = promisify(execFile);

export const BUNDLERS: Host[] = [
  devServer('vite7', 'Vite 7', 'vite7/bin/vite.js'),
  devServer('vite8', 'Vite 8', 'vite8/bin/vite.js'),
  bundler('vite8', 'Vite 8', 'vite8/bin/vite.js', ['build', '--outDir', 'out']),
  bundler('webpack', 'webpack', 'webpack-cli/bin/cli.js', [
    ...['build', '--mode', 'production', '--entry', './page.js'],
    ...['--output-path', 'out', '--output-filename', 'page.js'],
  ]),
  bundler('esbuild', 'esbuild', 'esbuild/bin/esbuild', [
    ...['page.js', '--bundle', '--minify', '--format=esm', '--outfile=out/page.js'],
  ]),
  bundler('rollup', 'Rollup', 'rollup/dist/bin/rollup', [
    ...['page.js', '--plugin', '@rollup/plugin-node-resolve', '--format', 'es', '--dir', 'out'],
  ]),
];

/** Builds the page into `out`, and opens it there. */
function bundler(tool: string, runtime: string, program: string, args: string[]): Host {
  return {
    runtime,
    way: 'build, in Chromium',
    missing: openChromium.missing,
    run: async (project) => {
      const folder = await createPage(project, `${tool}-build`);
      const out = join(folder, 'out');
      await execute(process.execPath, [join(tools, program), ...args], { cwd: folder });
      // Vite writes a page of its own; the others bundle scripts and leave the page to their user
      await cp(join(folder, 'index.html'), join(out, 'index.html'), { force: false });
      const server = await serve(out);
      try {
        return { version: await versionOf(tool), report: parseReport(await openChromium.read(server.address)) };
      } finally {
        await server.close();
      }
    },
  };
}

/** Starts the server, and opens the page that it makes as it is asked for. */
function devServer(tool: string, runtime: string, program: string): Host {
  return {
    runtime,
    way: 'dev server, in Chromium',
    missing: openChromium.missing,
    run: async (project) => {
      const folder = await createPage(project, `${tool}-dev`);
      const server = spawn(process.execPath, [join(tools, program)], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1' },
      });
      try {
        const address = await printed(server, /http:\/\/localhost:\d+\//);
        return { version: await versionOf(tool), report: parseReport(await openChromium.read(address)) };
      } finally {
        server.kill();
      }
    },
  };
}

async function versionOf(tool: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(tools, tool, 'package.json'), 'utf8')) as { version: string };
  return version;
}
