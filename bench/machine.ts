/** What a report says about where it was measured. */
import { cpus, loadavg } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  readonly date: string;
  /** The load average of the last minute. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    date: new Date().toISOString().slice(0, 10),
    load: loadavg()[0],
  };
}
