import { bufferOf, byteLengthOf, byteOffsetOf, isArrayBuffer, tagOf } from '../support/arrays.js';
import { describe, FileFormatError, quantity } from '../support/check.js';
import { DTYPES, type Dtype, inBrackets, product, type TensorData } from './safetensors.js';
import { decodeUtf8 } from './utf8.js';

/** The reference implementation reads no longer header either. */
const LONGEST_HEADER = 100_000_000;

/** The most tensors, or keys of the metadata: each takes ten times the memory that its text does. */
const MOST_MEMBERS = 20_000;

/** A tensor that was read. Its data are a copy. */
export interface DecodedTensor {
  dtype: Dtype;
  shape: number[];
  data: TensorData;
}

/** What a file holds. Both are maps, so that a name such as `__proto__` is a name like any other. */
export interface SafetensorsFile {
  /** In the order of their data. */
  tensors: Map<string, DecodedTensor>;
  metadata: Map<string, string>;
}

/** One tensor as the header has it. */
interface Entry {
  name: string;
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

/**
 * Reads a file, which may come from anywhere: nothing of it is believed before it is checked, and memory is taken
 * for no more than the file's own length. The rules are those of the reference implementation, and strict ones
 * where it leaves a choice: no name twice, no fields but the three.
 *
 * @param mostHeader the longest header, in bytes, that the caller has a use for
 * @throws FileFormatError for a file that is cut short, contradicts itself, or holds other types of elements
 * @throws TypeError for what is not bytes
 */
export function decodeSafetensors(bytes: Uint8Array | ArrayBuffer, mostHeader = LONGEST_HEADER): SafetensorsFile {
  const file = checkBytes(bytes);
  const start = 8 + headerLength(file, mostHeader);
  const { entries, metadata } = readHeader(decodeText(file.subarray(8, start)));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    checkPlace(entry, end);
    end = entry.end;
  }
  const follow = file.length - start;
  if (end > follow) {
    throw new FileFormatError(`the file is truncated: its header says ${quantity(end, 'byte')} follow, ${follow} do`);
  }
  if (end < follow) {
    throw new FileFormatError(`the file has ${quantity(follow - end, 'byte')} after its tensors: there should be none`);
  }
  const tensors = new Map<string, DecodedTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    tensors.set(name, { dtype, shape, data: new DTYPES[dtype](file.slice(start + begin, start + end).buffer) });
  }
  return { tensors, metadata };
}

/** The bytes, as a plain Uint8Array over memory that nothing else can change or take away. */
function checkBytes(bytes: unknown): Uint8Array<ArrayBuffer> {
  // by their kind, since those of another realm are instances of its own classes
  const isView = tagOf(bytes) === 'Uint8Array';
  if (!isView && !isArrayBuffer(bytes)) {
    throw new TypeError(`the file must be a Uint8Array or an ArrayBuffer: got ${describe(bytes)}`);
  }
  const buffer = (isView ? bufferOf(bytes) : bytes) as ArrayBuffer & { resizable?: boolean };
  if (!isArrayBuffer(buffer) || buffer.resizable) {
    throw new TypeError('the file lies in a shared or resizable buffer: pass a copy, such as bytes.slice()');
  }
  try {
    return isView ? new Uint8Array(buffer, byteOffsetOf(bytes), byteLengthOf(bytes)) : new Uint8Array(buffer);
  } catch {
    throw new TypeError('the file lies in a detached buffer: it has been transferred elsewhere');
  }
}

function headerLength(file: Uint8Array, most: number): number {
  if (file.length < 8) {
    throw new FileFormatError(
      `the file is truncated: it has ${quantity(file.length, 'byte')}, and the length of its header alone takes 8`,
    );
  }
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > LONGEST_HEADER) {
    throw new FileFormatError(
      `this is no safetensors file: its header would have ${length} bytes, and ${LONGEST_HEADER} are the most`,
    );
  }
  if (length > file.length - 8) {
    throw new FileFormatError(
      `the file is truncated: its header should have ${quantity(Number(length), 'byte')}, and ${file.length - 8} follow`,
    );
  }
  if (length > most) throw new FileFormatError(`the header has ${length} bytes: at most ${most} are read`);
  return Number(length);
}

function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it is too long for a string, or memory is
    throw new FileFormatError('the header is not valid UTF-8');
  }
}

/** Whether a tensor's data begin where the ones before it end, and are as long as its shape says. */
function checkPlace({ name, dtype, shape, begin, end }: Entry, before: number): void {
  const tensor = `tensor ${describe(name)}`;
  if (begin !== before) {
    throw new FileFormatError(`${tensor} begins at byte ${begin} of the data: those before it end at ${before}`);
  }
  if (overflows(shape))
    throw new FileFormatError(`${tensor} has the shape ${inBrackets(shape)}: its product overflows`);
  const length = product(shape) * DTYPES[dtype].BYTES_PER_ELEMENT;
  if (end - begin !== length) {
    throw new FileFormatError(
      `${tensor} has the data offsets ${inBrackets([begin, end])}: its shape ${inBrackets(shape)} takes ` +
        `${quantity(length, 'byte')} of ${dtype}`,
    );
  }
}

/**
 * Whether the sizes, multiplied one after another, leave 64 bits before a 0 comes: the reference refuses that. Where no
 * 0 comes, the data offsets do not fit, which says more.
 */
function overflows(shape: readonly number[]): boolean {
  let count = 1n;
  return shape.includes(0) && shape.some((size) => (count *= BigInt(size)) >= 1n << 64n);
}

/** A place in the header's text, and what the text is about there. */
interface Cursor {
  readonly text: string;
  at: number;
  within: string;
}

/**
 * Reads the JSON of a header, and no other. `JSON.parse` would build whatever a hostile file nests, a hundred
 * million arrays if need be, and would keep the last of two equal names without a word.
 */
function readHeader(text: string): { entries: Entry[]; metadata: Map<string, string> } {
  const cursor: Cursor = { text, at: 0, within: 'the header' };
  const entries: Entry[] = [];
  const metadata = new Map<string, string>();
  if (!text.startsWith('{')) throw unexpected(cursor, '"{"'); // not even a space may come before it
  readObject(cursor, (name) => {
    if (name === '__metadata__') {
      cursor.within = `"${name}"`;
      readObject(cursor, (key) => metadata.set(key, readString(cursor)));
    } else {
      cursor.within = `tensor ${describe(name)}`;
      entries.push(readEntry(cursor, name));
    }
    cursor.within = 'the header';
  });
  skipSpace(cursor);
  if (cursor.at < text.length) throw unexpected(cursor, 'its end');
  return { entries, metadata };
}

function readEntry(cursor: Cursor, name: string): Entry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  readObject(cursor, (field) => {
    if (field === 'dtype') dtype = readString(cursor);
    else if (field === 'shape') shape = readSizes(cursor);
    else if (field === 'data_offsets') offsets = readSizes(cursor);
    else throw new FileFormatError(`${cursor.within} has an unknown field ${describe(field)}`);
  });
  if (dtype === undefined || !shape || !offsets) {
    const missing = dtype === undefined ? 'dtype' : shape ? 'data_offsets' : 'shape';
    throw new FileFormatError(`${cursor.within} has no field "${missing}"`);
  }
  if (!isDtype(dtype)) {
    const known = Object.keys(DTYPES).join(', ');
    throw new FileFormatError(`${cursor.within} has the dtype ${describe(dtype)}: those that can be read are ${known}`);
  }
  const [begin, end] = offsets;
  if (offsets.length !== 2) {
    throw new FileFormatError(`${cursor.within} has ${quantity(offsets.length, 'data offset')}: there should be 2`);
  }
  return { name, dtype, shape, begin, end };
}

function isDtype(name: string): name is Dtype {
  return Object.hasOwn(DTYPES, name);
}

/** Reads an object: `member` reads the value of each name, of which no two may be equal. */
function readObject(cursor: Cursor, member: (name: string) => void): void {
  const names = new Set<string>();
  readAll(cursor, '{', '}', () => {
    const name = readString(cursor);
    if (names.has(name)) throw new FileFormatError(`${cursor.within} has two fields ${describe(name)}`);
    if (names.size === MOST_MEMBERS) throw new FileFormatError(`${cursor.within} has over ${MOST_MEMBERS} fields`);
    names.add(name);
    if (!accept(cursor, ':')) throw unexpected(cursor, '":"');
    member(name);
  });
}

function readSizes(cursor: Cursor): number[] {
  const sizes: number[] = [];
  readAll(cursor, '[', ']', () => {
    sizes.push(readSize(cursor));
  });
  return sizes;
}

/** Reads what is between two brackets, with commas between one `item` and the next. */
function readAll(cursor: Cursor, open: string, close: string, item: () => void): void {
  if (!accept(cursor, open)) throw unexpected(cursor, `"${open}"`);
  if (accept(cursor, close)) return;
  do item();
  while (accept(cursor, ','));
  if (!accept(cursor, close)) throw unexpected(cursor, `"," or "${close}"`);
}

function accept(cursor: Cursor, mark: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== mark) return false;
  cursor.at++;
  return true;
}

/** Half of a pair of UTF-16: an escape can spell it, and no Unicode text holds it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function readString(cursor: Cursor): string {
  skipSpace(cursor);
  const { text, at } = cursor;
  const end = text[at] === '"' ? afterString(text, at) : at;
  const value = end > at ? parseString(text.slice(at, end)) : undefined;
  if (value === undefined || LONE_SURROGATE.test(value)) throw unexpected(cursor, 'a string');
  cursor.at = end;
  return value;
}

/** The value of a string in JSON; `undefined` with no end, a control character or an escape that JSON doesn't know. */
function parseString(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Where the string that begins at `at` is over, or the text is. */
export function afterString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}

/** Reads a whole number without sign, point or exponent, up to the largest that is exact. */
function readSize(cursor: Cursor): number {
  skipSpace(cursor);
  const [digits] = /^(?:0|[1-9]\d*)(?![\w.+-])/.exec(cursor.text.slice(cursor.at, cursor.at + 17)) ?? [];
  if (digits === undefined || !Number.isSafeInteger(Number(digits))) throw unexpected(cursor, 'a whole number');
  cursor.at += digits.length;
  return Number(digits);
}

function skipSpace(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && ' \t\n\r'.includes(cursor.text[cursor.at])) cursor.at++;
}

function unexpected({ text, at, within }: Cursor, expected: string): FileFormatError {
  const [found] = /^[^][^,:\]}]*/.exec(text.slice(at, at + 20)) ?? [];
  const came = found === undefined ? 'the end of the header' : describe(found);
  return new FileFormatError(`${within}: expected ${expected} at character ${at} of the header, found ${came}`);
}
