import type { Model } from '../model/model.js';
import { checkBoolean, checkInteger, checkNumber, checkOptions } from '../support/check.js';

/** When to stop before the last epoch: once the validation loss has stopped falling. */
export interface EarlyStopping {
  /** How many epochs may pass without a better loss. Default 20. */
  patience?: number;
  /** By how much a loss must be lower to count as better. Default 0. */
  minDelta?: number;
  /**
   * Whether the weights of the best epoch are put back at the end, however it comes: by patience, at the last epoch,
   * by `break`, an abort or a divergence. Default true.
   */
  restoreBest?: boolean;
}

const MOST = 0x7fffffff;

export function checkEarlyStopping(value: unknown, validated: boolean): Required<EarlyStopping> | undefined {
  if (value === undefined || value === false) return undefined;
  const given = checkOptions('earlyStopping', value === true ? {} : value, ['patience', 'minDelta', 'restoreBest']);
  if (!validated)
    throw new TypeError(
      '"earlyStopping" needs "validation" or "validationSplit": it watches the loss on data not trained on',
    );
  const { patience = 20, minDelta = 0, restoreBest = true } = given;
  return {
    patience: checkInteger('patience', patience, 1, MOST),
    minDelta: checkNumber('minDelta', minDelta, { min: 0 }),
    restoreBest: checkBoolean('restoreBest', restoreBest),
  };
}

/** How far early stopping is. */
export interface Standing {
  /** The best loss so far. */
  readonly loss: number;
  /** How many epochs have passed since. */
  readonly waited: number;
  /** The weights of the best epoch, until they are put back. */
  readonly weights: Float32Array | undefined;
}

/** Remembers the weights of the best epoch so far. */
export class BestEpoch {
  readonly #model: Model;
  readonly #options: Required<EarlyStopping>;
  state: Standing = { loss: Infinity, waited: 0, weights: undefined };

  constructor(model: Model, options: Required<EarlyStopping>) {
    this.#model = model;
    this.#options = options;
  }

  /** Takes note of an epoch's loss; true when training should stop. */
  isOver(loss: number): boolean {
    const { state } = this;
    if (loss < state.loss - this.#options.minDelta || state.weights === undefined) {
      this.state = { loss, waited: 0, weights: this.#model.parameters.slice() };
      return false;
    }
    this.state = { ...state, waited: state.waited + 1 };
    return this.state.waited >= this.#options.patience;
  }

  /** Puts the best weights back, once. */
  restore(): void {
    const { weights } = this.state;
    if (!this.#options.restoreBest || !weights) return;
    this.#model.parameters.set(weights);
    this.state = { ...this.state, weights: undefined };
    this.#model.average.drop();
    this.#model.engine.kernels.forgetBounds(this.#model.optimizerAt);
  }
}
