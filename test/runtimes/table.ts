/** docs/runtimes.md: what each runtime said. */
import type { Host, Said } from './host.js';

/** A row, and whether all its bits are the recorded ones. */
export function tableRow({ runtime, way }: Host, { version, report }: Said, same: boolean): string {
  const { xor, fused, sharedMemory, disposeSymbol } = report;
  const cells = [
    ...[runtime, version, way, xor.map((value) => value.toFixed(4)).join(' ')],
    ...[same ? 'the recorded ones' : 'others'],
    ...[fused, sharedMemory, disposeSymbol].map((has) => (has ? 'yes' : 'no')),
  ];
  return `| ${cells.join(' | ')} |`;
}

const HEAD = `# Where chainrule runs

\`npm run test:runtimes\` packs the package, installs it in an empty project, and trains there in each of these; it fails
where this page and the runtimes disagree. \`npm run test:runtimes -- --mode record\` writes the page anew.

- XOR: what ten lines of training predict for the four examples.
- Bits: the SHA-256 of all weights of the three networks below, after 300 steps each with \`numerics: 'reproducible'\`.
- Fused: whether \`numerics: 'fused'\` finds the engine's relaxed SIMD. Without it, it runs as \`'reproducible'\` does.
- Shared: whether there is a \`SharedArrayBuffer\`. Dispose: whether there is a \`Symbol.dispose\`, which \`using\` needs.

| runtime | version | loaded by | XOR | bits | fused | shared | dispose |
| ------- | ------- | --------- | --- | ---- | ----- | ------ | ------- |
`;

export function documentOf(rows: string[], hashes: Record<string, string>): string {
  const networks = Object.entries(hashes).map(([name, sha256]) => `| ${name} | \`${sha256}\` |`);
  return [
    HEAD + rows.join('\n'),
    '## The recorded bits',
    `| network | SHA-256 of its weights and biases |\n| --- | --- |\n${networks.join('\n')}`,
    'They are in test/runtimes/hashes.json. Where arithmetic changes on purpose, this records them anew:',
    '```sh\nnpm test -- test/training/reproducible.test.ts --update\nnpm run test:runtimes -- --mode record\n```\n',
  ].join('\n\n');
}

/** Cells without the padding that makes them line up. */
export const unpadded = (text: string): string => text.replace(/ +\|/g, ' |').replace(/\| +/g, '| ');

/** Debian updates its browsers, so their versions, and the widths of columns that follow them, are told and not compared. */
export const versionless = (text: string): string =>
  unpadded(text)
    .replace(/^(\| (?:Chromium|Firefox|WebKitGTK) \| )[\d.]+/gm, '$1…')
    .replace(/-{3,}/g, '---');
