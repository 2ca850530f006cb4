import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** The first text that matches among what a process prints; an error with all of it when the process ends before. */
export function printed(process: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (data: Buffer): void => {
      output += String(data);
      const match = pattern.exec(output);
      if (match) resolve(match[0]);
    };
    process.stdout.on('data', read);
    process.stderr.on('data', read);
    process.once('error', reject);
    process.once('exit', () => reject(new Error(`${process.spawnfile} ended: ${output}`)));
  });
}
