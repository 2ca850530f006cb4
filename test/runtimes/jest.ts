/** Jest, which runs programs in a realm of its own, that of Node or one like a page's. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseReport, type Host } from './host.js';
import { tools } from '../../scripts/tools.js';

const execute = promisify(execFile);

export const JEST: Host[] = [jest('node'), jest('jsdom')];

function jest(environment: 'node' | 'jsdom'): Host {
  return {
    runtime: `Jest, ${environment}`,
    way: '`require`',
    run: async (project) => {
      const folder = join(project, `jest-${environment}`);
      const report = join(folder, 'report.json');
      await mkdir(folder);
      // what Babel or TypeScript would make of it for Jest
      await execute(
        process.execPath,
        [
          ...[join(tools, 'esbuild/bin/esbuild'), 'program/jest.js', '--bundle', '--format=cjs', '--platform=node'],
          ...['--external:chainrule', `--outfile=${join(folder, 'report.test.cjs')}`],
        ],
        { cwd: project },
      );
      const configuration = {
        testEnvironment: join(tools, `jest-environment-${environment}`),
        testMatch: ['**/*.test.cjs'],
        transform: {},
        testTimeout: 300_000,
      };
      await writeFile(join(folder, 'jest.config.json'), JSON.stringify(configuration));
      const options = ['--rootDir', folder, '--config', 'jest.config.json', '--runInBand', '--no-cache'];
      await execute(process.execPath, [join(tools, 'jest/bin/jest.js'), ...options], {
        cwd: folder,
        env: { ...process.env, REPORT: report, NODE_ENV: 'test' },
      });
      const { version } = JSON.parse(await readFile(join(tools, 'jest/package.json'), 'utf8')) as { version: string };
      return { version, report: parseReport(await readFile(report, 'utf8')) };
    },
  };
}
