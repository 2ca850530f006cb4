import type { Engine } from './engine.js';

type FieldType = 'i32' | 'usize' | 'f32' | 'f64';

/** How a record of the kernels lies in memory. */
export interface RecordLayout<Field extends string> {
  readonly bytes: number;
  readonly fields: Readonly<Record<Field, readonly [type: FieldType, offset: number]>>;
}

/**
 * The layout of the fields that `text` names, such as `depth i32,rate f64`: in order, each at a multiple of its own
 * size, as AssemblyScript lays out an `@unmanaged` class. `scripts/records.ts` reads them from those classes.
 */
export function layoutOf<Field extends string>(text: string): RecordLayout<Field> {
  let [end, widest] = [0, 0];
  const fields = text.split(',').map((field) => {
    const [name, type] = field.split(' ') as [Field, FieldType];
    const size = type === 'f64' ? 8 : 4;
    const offset = Math.ceil(end / size) * size;
    widest = Math.max(widest, size);
    end = offset + size;
    return [name, [type, offset]] as const;
  });
  return { bytes: Math.ceil(end / widest) * widest, fields: Object.fromEntries(fields) as never };
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
    const [type, offset] = layout.fields[name];
    if (type === 'f64') view.setFloat64(offset, value, true);
    else if (type === 'f32') view.setFloat32(offset, value, true);
    else view.setInt32(offset, value, true);
  }
}

/** One field of the record at `at`. */
export function readField<Field extends string>(
  engine: Engine,
  layout: RecordLayout<Field>,
  at: number,
  name: NoInfer<Field>,
): number {
  const view = new DataView(engine.kernels.memory.buffer, at, layout.bytes);
  const [type, offset] = layout.fields[name];
  if (type === 'f64') return view.getFloat64(offset, true);
  if (type === 'f32') return view.getFloat32(offset, true);
  return type === 'i32' ? view.getInt32(offset, true) : view.getUint32(offset, true);
}
