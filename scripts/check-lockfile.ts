/** `npm run check:lockfile`: fails when a lock file would not install everywhere. */
import { lockfileProblems, type Lockfile, type Manifest } from './lockfile.js';
import { readJson } from './project.js';

for (const folder of ['', 'test/runtimes/tools/']) {
  const manifest = (await readJson(`${folder}package.json`)) as Manifest;
  const lock = (await readJson(`${folder}package-lock.json`)) as Lockfile;

  const problems = lockfileProblems(manifest, lock);
  if (problems.length > 0) {
    console.error([`${folder}package-lock.json:`, ...problems].join('\n  '));
    process.exitCode = 1;
  } else {
    console.log(`${folder}package-lock.json: ${Object.keys(lock.packages).length - 1} packages, no problem found`);
  }
}
