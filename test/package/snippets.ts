/** Finds the code blocks of a Markdown file, and what its comments say about them. */

export interface Snippet {
  /** `README.md:12`, the line of the opening fence. */
  where: string;
  language: string;
  code: string;
  /** Why the block is not run, from `<!-- not run: reason -->` directly above it. */
  notRun: string | undefined;
}

const BLOCK =
  /^(?<before>(?:<!--[^]*?-->\s*\n)*)(?<indent> *)```(?<language>\w*)[^\n]*\n(?<code>[^]*?)^\k<indent>```[ ]*$/gm;
const COMMENT = /<!--\s*not run:\s*(?<reason>[^]*?)\s*-->/g;

export function findSnippets(file: string, markdown: string): Snippet[] {
  return [...markdown.matchAll(BLOCK)].map((match) => {
    const { before = '', indent = '', language = '', code = '' } = match.groups ?? {};
    const fence = match.index + before.length;
    const snippet: Snippet = {
      where: `${file}:${markdown.slice(0, fence).split('\n').length}`,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      notRun: undefined,
    };
    for (const { groups } of before.matchAll(COMMENT)) {
      if (groups?.['reason'] !== undefined) snippet.notRun = groups['reason'];
    }
    return snippet;
  });
}

/** What a user's own folder is given, which is none of this project. */
const OF_A_NEW_PROJECT = ['init -y', 'pkg set type=module', 'install chainrule'];

/** What is wrong with the commands of a shell block; they are not run, but each must be one that exists. */
export function commandProblems(code: string, scripts: Record<string, string>, exists: (file: string) => boolean) {
  const commands = code
    .split(/\n|&&/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  return commands.filter((command) => !isKnown(command)).map((command) => `no such command: ${command}`);

  function isKnown(command: string): boolean {
    const [program = '', ...words] = command.split(/\s+/);
    if (program === 'npm') return isKnownToNpm(words);
    if (program === 'node') return words.some(exists);
    if (program === 'npx') return words[0] === 'tsx' && words.some(exists);
    return program === 'cd' || (program === 'git' && words[0] === 'clone');
  }

  function isKnownToNpm([verb = '', name = '', ...rest]: string[]): boolean {
    if (verb === 'run') return name in scripts;
    if (verb === 'test' || verb === 'start') return verb in scripts;
    return verb === 'ci' || OF_A_NEW_PROJECT.includes([verb, name, ...rest].join(' '));
  }
}
