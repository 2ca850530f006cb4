// apart from `new URL`, which Vite would rewrite for a bundle
const here = import.meta.url;

/**
 * The bytes of a file, by its path from the project's root: from the disk in Node, and in a browser from the server
 * that vitest runs there.
 */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const address = new URL(`../${path}`, here);
  if (address.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return new Uint8Array(await readFile(address));
  }
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${path} could not be read: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
