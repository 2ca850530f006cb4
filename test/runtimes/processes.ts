/** Node, Bun and Deno: programs that run a file and print a line. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeProgram, NODES, tools } from '../../scripts/tools.js';
import { parseReport, type Host } from './host.js';

const { platform, arch } = process;
const execute = promisify(execFile);

/** Bun and Deno name processors and libraries in words of their own. */
const bun = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`;
const deno = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}/deno`;

export const PROCESSES: Host[] = [
  ...NODES.flatMap((version): Host[] => {
    const program = nodeProgram(version);
    return [
      host(`Node ${version}`, '`import`', program, ['program/import.js']),
      host(`Node ${version}`, '`require`', program, ['program/require.cjs']),
    ];
  }),
  host('Deno', '`import`', join(tools, deno), ['run', '--no-config', '--node-modules-dir=manual', 'program/import.js']),
  host('Bun', '`import`', join(tools, bun), ['program/import.js']),
  host('Bun', '`require`', join(tools, bun), ['program/require.cjs']),
];

function host(runtime: string, way: string, program: string, args: string[]): Host {
  return {
    runtime,
    way,
    run: async (project) => {
      const { stdout: version } = await execute(program, ['--version']);
      // Node 20 warns of `require` on standard error; whatever fails has its standard error in the message
      const { stdout } = await execute(program, args, { cwd: project, env: { ...process.env, NO_COLOR: '1' } });
      return { version: /\d+\.\d+\.\d+/.exec(version)![0], report: parseReport(stdout) };
    },
  };
}
