/** The packed package's types, by every TypeScript from the first that is supported on. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaints, PROGRAMS, RESOLUTIONS } from '../package/type-programs.js';
import { installTools, tools } from '../../scripts/tools.js';
import { createProject, removeProject } from './project.js';

const execute = promisify(execFile);
const COMPILERS = ['typescript5.0', 'typescript5.4', 'typescript5.9', 'typescript6', 'typescript7'];
let project = '';

beforeAll(async () => {
  await installTools();
  project = await createProject();
}, 900_000);

afterAll(() => removeProject(project));

describe.each(COMPILERS)('%s', (name) => {
  const compiler = join(tools, name, 'bin/tsc');

  it.each(RESOLUTIONS)('moduleResolution $moduleResolution', async (resolution) => {
    const { stdout } = await execute(process.execPath, [compiler, '--version']);
    const version = /\d+\.\d+/.exec(stdout)![0];
    const since7 = parseInt(version) >= 7;
    if (since7 && resolution.moduleResolution === 'node10') return; // it is no more
    for (const program of PROGRAMS) {
      if (program.host === 'using' && version < '5.2') continue; // it was not yet
      expect(await complaints(compiler, version, project, resolution, program)).toBe('');
    }
  });
});
