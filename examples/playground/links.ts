/** Where the project lives, by its `package.json`: the page links there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly name: string;
  readonly homepage?: string;
  readonly repository?: string | { readonly url: string };
}

/** Name and address of each place. Until the package names a repository, its page in the registry stands for it. */
export function projectLinks(project: string): (readonly [name: string, address: string])[] {
  const { name, homepage, repository } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as Package;
  const registry = `https://www.npmjs.com/package/${name}`;
  const url = typeof repository === 'string' ? repository : repository?.url;
  const place = url?.replace(/^git\+/, '').replace(/\.git$/, '');
  return [
    ['Documentation', homepage ?? (place === undefined ? `${registry}#readme` : `${place}#readme`)],
    ['Source code', place ?? `${registry}?activeTab=code`],
  ];
}
