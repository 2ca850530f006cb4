import type { Engine } from './engine.js';

/** How a record of the kernels lies in memory: see `scripts/records.ts`, which reads it from their classes. */
export interface RecordLayout {
  readonly bytes: number;
  readonly fields: Readonly<Record<string, readonly [type: 'i32' | 'usize' | 'f32' | 'f64', offset: number]>>;
}

type Field<Layout extends RecordLayout> = keyof Layout['fields'] & string;

/** Writes some fields of the record at `at`. A pointer is its address in bytes. */
export function writeRecord<Layout extends RecordLayout>(
  engine: Engine,
  layout: Layout,
  at: number,
  values: Partial<Record<Field<Layout>, number>>,
): void {
  const view = new DataView(engine.kernels.memory.buffer, at, layout.bytes);
  for (const [name, value] of Object.entries(values) as [Field<Layout>, number][]) {
    const [type, offset] = layout.fields[name];
    if (type === 'f64') view.setFloat64(offset, value, true);
    else if (type === 'f32') view.setFloat32(offset, value, true);
    else view.setInt32(offset, value, true);
  }
}

/** One field of the record at `at`. */
export function readField<Layout extends RecordLayout>(
  engine: Engine,
  layout: Layout,
  at: number,
  name: Field<Layout>,
): number {
  const view = new DataView(engine.kernels.memory.buffer, at, layout.bytes);
  const [type, offset] = layout.fields[name];
  if (type === 'f64') return view.getFloat64(offset, true);
  if (type === 'f32') return view.getFloat32(offset, true);
  return type === 'i32' ? view.getInt32(offset, true) : view.getUint32(offset, true);
}
