import { type Columns, COPY } from './copy.js';
import type { Builder, End, Layer, Leaf, LeafKind } from './kind.js';
import { kindOf } from './kinds.js';

/** One record of the kernels: what a layer does, and whose values it reads. */
export interface LayerNode {
  /** The layer's place, from 0: of one within another `1.0`, of one in a branch `1.2.0`. */
  readonly name: string;
  readonly kind: LeafKind<unknown>;
  readonly layer: Layer;
  readonly inputs: number;
  readonly outputs: number;
  /** The node whose activations it reads; -1 for the inputs of the network. */
  readonly below: number;
  /** Of a node that reads two: the other one. */
  readonly skip: number | undefined;
  /** Of nodes that write into the same row: the first of them. */
  readonly group: number | undefined;
}

/** A node that reads one row, and has another for itself. */
const ALONE = { skip: undefined, group: undefined };

/** The layers of a network one after another, those within others taken apart. */
export class Graph implements Builder {
  readonly nodes: LayerNode[] = [];
  readonly #parts = new Map<string, { from: number; count: number }>();

  /** `parts` says how many columns each named part of the inputs has, in order. */
  constructor(parts: Readonly<Record<string, number>> = {}) {
    let from = 0;
    for (const [name, count] of Object.entries(parts)) {
      this.#parts.set(name, { from, count });
      from += count;
    }
  }

  part(name: string): { from: number; count: number } | undefined {
    return this.#parts.get(name);
  }

  append(layers: readonly Layer[], prefix: string, end: End): End {
    return layers.reduce((last, layer, index) => {
      const kind = kindOf(layer);
      const name = `${prefix}${index}`;
      return 'expand' in kind
        ? kind.expand(layer, this, name, last)
        : this.push({ name, kind, layer, end: last, ...ALONE, outputs: undefined });
    }, end);
  }

  push({ name, kind, layer, end, outputs, skip, group }: Leaf): End {
    const size = outputs ?? kind.outputs(layer, end.size);
    const node = this.nodes.length;
    this.nodes.push({ name, kind, layer, inputs: end.size, outputs: size, below: end.node, skip, group });
    return { node, size };
  }

  join(name: string, ends: readonly End[]): End {
    const outputs = ends.reduce((sum, { size }) => sum + size, 0);
    const group = this.nodes.length;
    let to = 0;
    let last: End = { node: -1, size: 0 };
    for (const end of ends) {
      const columns: Columns = { kind: 'concat', from: 0, to, count: end.size };
      last = this.push({ name, kind: COPY, layer: columns, end, ...ALONE, outputs, group });
      to += end.size;
    }
    return last;
  }
}
