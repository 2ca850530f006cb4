/** How the networks of a model are made and trained: see docs/tables.md. */
export interface Recipe {
  /** Units of the hidden layers, all silu. */
  readonly hidden: readonly number[];
  /** How many networks, whose outputs are averaged. */
  readonly networks: number;
  /** The most epochs of each. */
  readonly epochs: number;
  readonly batchSize: number;
  /** AdamW's, from which half a cosine leads to 0. */
  readonly rate: number;
  readonly weightDecay: number;
  /** Epochs without a better loss on the rows that a network does not train on. */
  readonly patience: number;
}

/** Rows that all epochs together pass through one network. */
const PASSES = 40_000;
/** Above so many rows more networks gain less than they cost. */
const MANY_ROWS = 20_000;

/** What is done where nothing else is asked for. */
export function recipeFor(rows: number): Recipe {
  return {
    hidden: [64, 64],
    networks: rows <= MANY_ROWS ? 5 : 2,
    epochs: Math.max(10, Math.min(150, Math.ceil(PASSES / Math.max(1, rows)))),
    batchSize: rows <= 2000 ? 32 : rows <= MANY_ROWS ? 64 : 256,
    rate: 1e-2,
    weightDecay: 0.01,
    patience: 30,
  };
}
