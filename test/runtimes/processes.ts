/** Node, Bun and Deno: programs that run a file and print a line. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseReport, type Host } from './host.js';
import { tools } from './project.js';

const { platform, arch } = process;
const execute = promisify(execFile);

/** Bun and Deno name processors and libraries in words of their own. */
const bun = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`;
const deno = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}/deno`;

export const PROCESSES: Host[] = [
  ...['20', '22', '24'].flatMap((version): Host[] => {
    const binary = `node${version}-${platform}-${arch}/bin/node`;
    return [
      host(`Node ${version}`, '`import`', binary, ['program/import.js']),
      host(`Node ${version}`, '`require`', binary, ['program/require.cjs']),
    ];
  }),
  host('Deno', '`import`', deno, ['run', '--no-config', '--node-modules-dir=manual', 'program/import.js']),
  host('Bun', '`import`', bun, ['program/import.js']),
  host('Bun', '`require`', bun, ['program/require.cjs']),
];

function host(runtime: string, way: string, binary: string, args: string[]): Host {
  return {
    runtime,
    way,
    run: async (project) => {
      const program = join(tools, binary);
      const { stdout: version } = await execute(program, ['--version']);
      // Node 20 warns of `require` on standard error; whatever fails has its standard error in the message
      const { stdout } = await execute(program, args, { cwd: project, env: { ...process.env, NO_COLOR: '1' } });
      return { version: /\d+\.\d+\.\d+/.exec(version)![0], report: parseReport(stdout) };
    },
  };
}
