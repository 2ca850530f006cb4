/** `npm run check:lockfile`: fails when the lock file would not install everywhere. */
import { lockfileProblems, type Lockfile, type Manifest } from './lockfile.js';
import { readJson } from './project.js';

const manifest = (await readJson('package.json')) as Manifest;
const lock = (await readJson('package-lock.json')) as Lockfile;

const problems = lockfileProblems(manifest, lock);
if (problems.length > 0) {
  console.error(['package-lock.json:', ...problems].join('\n  '));
  process.exitCode = 1;
} else {
  console.log(`package-lock.json: ${Object.keys(lock.packages).length - 1} packages, no problem found`);
}
