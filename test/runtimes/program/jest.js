/* global test */
import * as chainrule from 'chainrule';
import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { report } from './report.js';

test('trains', async () => {
  // for the hashes: jsdom has no crypto.subtle
  if (!globalThis.crypto?.subtle) Object.defineProperty(globalThis, 'crypto', { value: webcrypto });
  writeFileSync(process.env['REPORT'], JSON.stringify(await report(chainrule)));
});
