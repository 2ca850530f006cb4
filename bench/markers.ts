/** Fills the parts of a document that a program writes: what stands between a pair of comments. */
import { readFile, writeFile } from 'node:fs/promises';
import * as prettier from 'prettier';

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`, and leaves the document as prettier wants it. */
export function fillText(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new RangeError(`expected ${begin} and ${end} in the document`);
  return `${document.slice(0, from + begin.length)}\n\n${content}\n\n${document.slice(to)}`;
}

export async function fillMarkers(path: string, name: string, content: string): Promise<void> {
  const filled = fillText(await readFile(path, 'utf8'), name, content);
  const style = await prettier.resolveConfig(path);
  await writeFile(path, await prettier.format(filled, { ...style, filepath: path }));
}
