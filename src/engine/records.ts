import type { Engine } from './engine.js';

/** How a record of the kernels lies in memory. */
export interface RecordLayout<Field extends string> {
  readonly bytes: number;
  /** Where each is, and how many bytes of a float it takes: 0 for an integer or a pointer, of 4. */
  readonly fields: Readonly<Record<Field, readonly [offset: number, float: number]>>;
}

/**
 * The layout of a record of `bytes` with the fields that `text` names, such as `depth,rate 8`, with the bytes of those
 * that are floats: in order, each at a multiple of its own size, as AssemblyScript lays out an `@unmanaged` class.
 * `scripts/records.ts` reads them from those classes.
 */
export function layoutOf<Field extends string>(bytes: number, text: string): RecordLayout<Field> {
  let end = 0;
  const fields = text.split(',').map((field) => {
    const [name, float = 0] = field.split(' ');
    const size = Number(float) || 4;
    const offset = Math.ceil(end / size) * size;
    end = offset + size;
    return [name, [offset, +float]] as const;
  });
  return { bytes, fields: Object.fromEntries(fields) as never };
}

/** Writes some fields of the record at `at`. A pointer is its address in bytes. */
export function writeRecord<Field extends string>(
  engine: Engine,
  layout: RecordLayout<Field>,
  at: number,
  values: Partial<Record<NoInfer<Field>, number>>,
): void {
  const view = new DataView(engine.kernels.memory.buffer, at, layout.bytes);
  for (const [name, value] of Object.entries(values) as [Field, number][]) {
    const [offset, float] = layout.fields[name];
    if (float === 8) view.setFloat64(offset, value, true);
    else if (float) view.setFloat32(offset, value, true);
    else view.setInt32(offset, value, true);
  }
}

/** One field of the record at `at`; of a pointer, the address as a signed number. */
export function readField<Field extends string>(
  engine: Engine,
  layout: RecordLayout<Field>,
  at: number,
  name: NoInfer<Field>,
): number {
  const view = new DataView(engine.kernels.memory.buffer, at, layout.bytes);
  const [offset, float] = layout.fields[name];
  if (float === 8) return view.getFloat64(offset, true);
  return float ? view.getFloat32(offset, true) : view.getInt32(offset, true);
}
