/** workerd, which runs Cloudflare Workers. */
import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseReport, type Host } from './host.js';
import { tools } from '../../scripts/tools.js';

const execute = promisify(execFile);
const binary = join(
  tools,
  `@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : 'arm64'}/bin/workerd`,
);
const KERNELS = ['kernels.wasm', 'kernels.relaxed.wasm'];

/** What workerd is to load. It compiles the kernels, since programs may not. */
const CONFIGURATION = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    ${KERNELS.map((file) => `(name = "chainrule/${file}", wasm = embed "${file}"),`).join('\n    ')}
  ],
  compatibilityDate = "2026-11-01",
);
`;

export const WORKERD: Host = {
  runtime: 'workerd',
  way: 'bundle, and `chainrule/kernels.wasm`',
  run: async (project) => {
    const folder = join(project, 'workerd');
    await mkdir(folder);
    for (const file of KERNELS) await cp(join(project, 'node_modules/chainrule/dist', file), join(folder, file));
    // as Cloudflare's own tools bundle
    const options = ['--bundle', '--format=esm', '--conditions=workerd,worker,browser', '--external:*.wasm'];
    const out = `--outfile=${join(folder, 'worker.js')}`;
    await execute(process.execPath, [join(tools, 'esbuild/bin/esbuild'), 'program/workerd.js', ...options, out], {
      cwd: project,
    });
    await writeFile(join(folder, 'config.capnp'), CONFIGURATION);
    const { stdout: version } = await execute(binary, ['--version']);
    const { stdout } = await execute(binary, ['test', 'config.capnp'], { cwd: folder });
    return { version: /\d+-\d+-\d+/.exec(version)![0], report: parseReport(stdout) };
  },
};
