import { describe, expect, it } from 'vitest';
import { commandProblems, findSnippets } from './snippets.js';

const FENCE = '```';

describe('findSnippets', () => {
  it('finds each block with its line, language and code', () => {
    const markdown = `# Title\n\n${FENCE}ts\nconst a = 1;\n\nconst b = 2;\n${FENCE}\n\ntext\n\n${FENCE}sh\nnpm test\n${FENCE}\n`;
    expect(findSnippets('A.md', markdown)).toEqual([
      { where: 'A.md:3', language: 'ts', code: 'const a = 1;\n\nconst b = 2;\n', notRun: undefined },
      { where: 'A.md:11', language: 'sh', code: 'npm test\n', notRun: undefined },
    ]);
  });

  it('reads the comments directly above a block, and no others', () => {
    const above = '<!-- prettier-ignore -->\n<!-- not run: needs a browser -->\n';
    const [block, next] = findSnippets(
      'A.md',
      `<!-- not run: far off -->\n\ntext\n${above}${FENCE}ts\nx;\n${FENCE}\n${FENCE}ts\n${FENCE}`,
    );
    expect(block).toMatchObject({ where: 'A.md:6', code: 'x;\n', notRun: 'needs a browser' });
    expect(next).toMatchObject({ code: '', notRun: undefined });
  });

  it('takes the indentation of a block in a list away', () => {
    const [block] = findSnippets('A.md', `1. do this:\n\n   ${FENCE}js\n   if (a) {\n     b();\n   }\n   ${FENCE}\n`);
    expect(block?.code).toBe('if (a) {\n  b();\n}\n');
  });
});

describe('commandProblems', () => {
  const problems = (code: string) =>
    commandProblems(code, { test: '', build: '' }, (file) => file === 'examples/xor.ts');

  it('accepts what exists', () => {
    const code = 'npm ci && npm test   # a comment\n# another\nnpm run build -- --kernels\nnpx tsx examples/xor.ts\n';
    expect(
      problems(
        `${code}npm init -y && npm pkg set type=module\nnpm install chainrule\ngit clone <address>\ncd chainrule\n`,
      ),
    ).toEqual([]);
  });

  it.each(['npm run missing', 'npm start', 'npm install left-pad', 'node gone.js', 'npx tsx gone.ts', 'make'])(
    'refuses %s',
    (command) => {
      expect(problems(command)).toEqual([`no such command: ${command}`]);
    },
  );
});
