/** The JSON of plain data: what they are, whatever `toJSON` somebody has put on `Object.prototype`. */
export function toJson(data: unknown): string {
  return JSON.stringify(withoutPrototypes(data));
}

function withoutPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map(withoutPrototypes)
    : Object.fromEntries(Object.entries(value).map(([name, own]) => [name, withoutPrototypes(own)]));
  return Object.setPrototypeOf(copy, null) as unknown;
}
