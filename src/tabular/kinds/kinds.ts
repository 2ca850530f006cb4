import { checkOneOf, checkOptions, describe } from '../../support/check.js';
import { type Cell, categoryOf, formatOf, readDate, readNumber } from '../cells.js';
import { boolean, suitsBoolean } from './boolean.js';
import { category } from './category.js';
import { date, suitsDate } from './date.js';
import { ignore, whyEmpty, whyIdentifier, whyText } from './ignore.js';
import type { Encoder, Kind, KindName, Profile } from './kind.js';
import { number, suitsNumber } from './number.js';

/** The kinds, by what `columns` calls them. To add one: its file, its row here, and where it is asked in `recognise`. */
export const KINDS: Readonly<Record<KindName, Kind<object>>> = { number, boolean, date, category, ignore };

export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** A column as it was taken: its kind, and what that has learnt, as a file holds it. */
export interface Taken {
  readonly name: string;
  readonly kind: KindName;
  readonly state: object;
  /** What is worth knowing about how it was recognised. */
  readonly note: string | undefined;
}

/** What a column's training cells are like. */
export function profileOf(name: string, cells: readonly Cell[]): Profile {
  const format = formatOf(cells);
  const counts = new Map<string, number>();
  let [present, numbers, dates, texts] = [0, 0, 0, 0];
  for (const cell of cells) {
    if (cell === null) continue;
    present++;
    const value = categoryOf(cell);
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (typeof cell === 'string') texts++;
    if (readDate(cell) !== null) dates++;
    else if (typeof cell === 'number' || (typeof cell === 'string' && isNumeric(cell, format))) numbers++;
  }
  return { name, cells, present, counts, numbers, format, dates, texts };
}

function isNumeric(text: string, format: Profile['format']): boolean {
  const { value, odd } = readNumber(text, format);
  return value !== null || (odd ?? '').includes('beyond');
}

interface Recognised {
  readonly kind: KindName;
  /** Why it is left out. */
  readonly why: string | undefined;
  readonly note: string | undefined;
}

const as = (kind: KindName, why?: string, note?: string): Recognised => ({ kind, why, note });

/** What a column looks like. The first that suits is taken. */
function recognise(profile: Profile): Recognised {
  const empty = whyEmpty(profile);
  if (empty !== undefined) return as('ignore', empty);
  if (suitsBoolean(profile)) return as('boolean');
  if (suitsDate(profile)) return as('date');
  const identifier = whyIdentifier(profile);
  if (identifier !== undefined) return as('ignore', identifier);
  if (suitsNumber(profile)) return as('number');
  const text = whyText(profile);
  if (text !== undefined) return as('ignore', text);
  const { numbers, present } = profile;
  const mixed = numbers > 0 && numbers < present;
  const note = `holds numbers and text, ${numbers} and ${present - numbers} of ${present} values`;
  return as('category', undefined, mixed ? note : undefined);
}

/** Takes a column, as the user says or as it looks. */
export function takeColumn(profile: Profile, wanted: KindName | undefined): Taken {
  const { name } = profile;
  if (wanted !== undefined) return { name, kind: wanted, state: KINDS[wanted].learn(profile), note: undefined };
  const { kind, why, note } = recognise(profile);
  const state = why === undefined ? KINDS[kind].learn(profile) : { why };
  return { name, kind, state, note };
}

/** A column as a file describes it. Throws a TypeError or RangeError for one that cannot be. */
export function checkTaken(value: unknown): Taken {
  const given = checkOptions('a column', value ?? null, ['name', 'kind', 'state']);
  const { name } = given;
  if (typeof name !== 'string') throw new TypeError(`a column's name must be text: got ${describe(name)}`);
  const kind = checkOneOf('kind', given['kind'], KIND_NAMES) as KindName;
  return { name, kind, state: KINDS[kind].check(given['state']), note: undefined };
}

// a state comes from its own kind's `learn` or `check`, so that it is of that kind
export const encoderFor = ({ kind, state }: Taken): Encoder => KINDS[kind].encoder(state);

export const tellOf = ({ kind, state }: Taken): string => KINDS[kind].tell(state);

export const oddOf = ({ kind, state }: Taken, cell: Cell): string | undefined => KINDS[kind].odd(cell, state);
