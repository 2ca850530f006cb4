import type { Engine } from '../engine/engine.js';
import { Offsets, padded } from '../engine/layout.js';
import { writeRecord } from '../engine/records.js';
import { DENSE } from '../layers/dense.js';
import { gapsOf, type Plan } from './plan.js';
import { layerAt } from './records.js';
import { LAYER, NETWORK } from '../engine/records.generated.js';

/** Most rows of one pass, and the most bytes that its rows may take; more rows than that go in several passes. */
const MOST_ROWS = 256;
const MOST_ROW_BYTES = 0x8000000;

/** Most steps of one call into the kernels. */
export const MOST_STEPS = 1024;

/** Where a node's rows are: its inputs, z, activations, and deltas. */
export interface Buffers {
  readonly x: number;
  readonly z: number;
  readonly a: number;
  readonly d: number;
  /** What it keeps of the rows beside them. */
  readonly kept: number;
}

/** What lies where in a workspace. */
interface Places {
  readonly bytes: number;
  readonly rates: number;
  readonly totals: number;
  readonly x: number;
  readonly target: number;
  readonly labels: number;
  readonly weights: number;
  readonly scratch: number;
  readonly spare: number;
  readonly nodes: readonly Omit<Buffers, 'x'>[];
}

/** Most bytes that the threads' own copies of the rows may take: larger ones they share. */
const MOST_OWN_BYTES = 0x1000000;

/**
 * A network's share in its engine's workspace: the rows of a pass. All networks of an engine use the same memory in
 * turns, so what lies there is good until the next call.
 */
export class Workspace {
  readonly #engine: Engine;
  readonly #plan: Plan;
  /** The network's record. */
  readonly #at: number;
  readonly #threads: number;
  /**
   * Rows of one pass. The reported losses are summed by passes, so this may depend on nothing but the network. Batches
   * that are to be whole are passes of any length.
   */
  readonly mostRows: number;
  /** Where the rates of the steps of a call go, and the sums that they give. */
  rates = 0;
  totals = 0;
  #buffers: readonly Buffers[] = [];
  #boundRows = 0;
  #boundVersion = -1;
  /** Rows whose gaps are 0. */
  #cleanRows = 0;
  #inputGradient = 0;

  constructor(engine: Engine, plan: Plan, at: number, threads: number) {
    this.#engine = engine;
    this.#plan = plan;
    this.#at = at;
    this.#threads = threads;
    const rowBytes = (this.#place(MOST_ROWS).bytes - this.#place(0).bytes) / MOST_ROWS;
    this.mostRows = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_ROW_BYTES / rowBytes)));
  }

  /** Where the rows of node `index` are, after `prepare`. */
  buffersOf(index: number): Buffers {
    return this.#buffers[index];
  }

  /**
   * Makes it ready for passes of up to `rows` rows, and for their gradients with respect to the inputs where those are
   * to go somewhere. Whatever was under way in slices is completed first. Call it before anything is begun: another
   * network, or another call, may have come between.
   */
  prepare(rows: number, inputGradient: number): void {
    const { workspace } = this.#engine;
    const pass = this.#plan.wholeBatches ? rows : Math.min(rows, this.mostRows);
    if (this.#engine.claim(this)) this.#cleanRows = 0;
    if (pass > this.#boundRows || this.#boundVersion !== workspace.version) this.#bind(Math.max(pass, this.#boundRows));
    if (pass > this.#cleanRows) this.#clearGaps(pass);
    if (this.#inputGradient === inputGradient) return;
    this.#inputGradient = inputGradient;
    writeRecord(this.#engine, NETWORK, this.#at, { inputGradient });
  }

  /** Throws where a pass of `rows` rows is more than any memory can hold: asked before anything is begun. */
  assertHolds(rows: number): void {
    if (!this.#plan.wholeBatches || rows <= this.mostRows) return;
    this.#engine.assertBlock(this.#place(rows).bytes, this.#what(rows));
  }

  #what(rows: number): string {
    const { wholeBatches } = this.#plan;
    const why = wholeBatches ? `, which layer ${wholeBatches.name} takes statistics of as a whole,` : '';
    return `a pass of ${rows} examples${why}`;
  }

  /** Gives the workspace up, when the network is disposed of. */
  leave(): void {
    this.#engine.disown(this);
  }

  /** Bytes of a thread's own copy of the rows, and of the same packed; 0 where there is none. */
  #ownBytes(rows: number): number {
    const { inputs, nodes, lda } = this.#plan;
    const readers = nodes.filter(({ below, skip }) => below === -1 || skip === -1);
    // packed, a row takes whole vectors and one more: see assembly/gemm/rows.ts
    const bytes = Math.ceil((rows * (lda + padded(inputs) + 4)) / 32) * 128;
    const isOwn = this.#threads > 1 && readers.length === 1 && readers[0].kind === DENSE;
    return isOwn && bytes * this.#threads <= MOST_OWN_BYTES ? bytes : 0;
  }

  #place(rows: number, ownBytes = 0): Places {
    const { nodes, lda } = this.#plan;
    const offsets = new Offsets();
    const last = nodes[nodes.length - 1];
    const rates = offsets.take(MOST_STEPS * 8);
    const totals = offsets.take(16);
    const x = offsets.take(ownBytes ? ownBytes * this.#threads : rows * lda * 4);
    const target = offsets.floats(rows * last.ld);
    const labels = offsets.take(rows * 4);
    const weights = offsets.take(rows * 4);
    const scratch = offsets.floats(
      Math.max(0, ...nodes.map((node) => node.kind.scratch?.(this.#engine, node, rows) ?? 0)),
    );
    const widest = Math.max(0, ...nodes.filter(({ adds }) => adds).map((node) => node.lda));
    const spare = widest ? offsets.floats(rows * widest) : 0;
    const places: Omit<Buffers, 'x'>[] = [];
    nodes.forEach((node, index) => {
      const { ld, group, kind, layer } = node;
      if (group !== undefined && group < index) return places.push(places[group]);
      const z = offsets.floats(rows * ld);
      const a = kind.hasZ(layer) ? offsets.floats(rows * ld) : z;
      const kept = offsets.floats(kind.kept?.(node, rows) ?? 0);
      return places.push({ z, a, d: offsets.floats(rows * ld), kept });
    });
    return { bytes: offsets.bytes, rates, totals, x, target, labels, weights, scratch, spare, nodes: places };
  }

  #bind(rows: number): void {
    const engine = this.#engine;
    // few sizes, so that batches of changing length do not move everything each time
    let capacity = 1;
    while (capacity < rows) capacity *= 2;
    capacity = Math.min(capacity, Math.max(rows, this.mostRows));
    const ownBytes = this.#ownBytes(capacity);
    const places = this.#place(capacity, ownBytes);
    const base = engine.reserve(engine.workspace, places.bytes, this.#what(capacity));
    this.rates = base + places.rates;
    this.totals = base + places.totals;
    this.#inputGradient = 0;
    writeRecord(engine, NETWORK, this.#at, {
      rowsPerPass: capacity,
      x: base + places.x,
      ownBytes,
      target: base + places.target,
      labels: base + places.labels,
      weights: base + places.weights,
      scratch: base + places.scratch,
      spare: base + places.spare,
      inputGradient: 0,
    });
    const own = places.nodes.map(({ z, a, d, kept }) => ({ z: base + z, a: base + a, d: base + d, kept: base + kept }));
    this.#buffers = this.#plan.nodes.map(({ below }, index) => ({
      x: own[below]?.a ?? base + places.x,
      ...own[index],
    }));
    this.#plan.nodes.forEach(({ below, skip }, index) => {
      const of = (source: number | undefined, name: 'a' | 'd'): number => own[source ?? -1]?.[name] ?? 0;
      const flow = { dx: of(below, 'd'), skip: skip === -1 ? base + places.x : of(skip, 'a'), skipD: of(skip, 'd') };
      writeRecord(engine, LAYER, layerAt(this.#at, index), { ...this.#buffers[index], ...flow });
    });
    this.#boundRows = capacity;
    this.#boundVersion = engine.workspace.version;
    this.#cleanRows = 0;
  }

  /** Sets to 0 what kernels read of the gaps in `rows` rows: another's numbers lie there, which need not be finite. */
  #clearGaps(rows: number): void {
    const { nodes } = this.#plan;
    nodes.forEach(({ ld }, index) => {
      const { values, deltas } = gapsOf(nodes, index);
      const { z, a, d } = this.buffersOf(index);
      const gaps = new Map([z, a].map((array) => [array, values])).set(d, deltas);
      for (const [array, gap] of gaps) {
        for (let row = this.#cleanRows; gap > 0 && row < rows; row++) {
          this.#engine.kernels.clear(array + ((row + 1) * ld - gap) * 4, gap * 4);
        }
      }
    });
    this.#cleanRows = rows;
  }
}
