import type { Importance } from './importance.js';
import type { KindName } from './kinds/kind.js';
import type { Leak } from './leaks.js';
import type { CalibrationBin } from './metrics.js';
import type { Scores } from './predictor.js';
import type { Label, Task } from './target.js';
import type { Learning } from './training.js';

/** A cell that could not be taken as it is. */
export interface OddCell {
  /** From 1. */
  readonly row: number;
  readonly column: string;
  /** Its text, the first 40 characters. */
  readonly cell: string;
  /** What was done. */
  readonly done: string;
}

/** A column and what was done with it. */
export interface ReportedColumn {
  readonly name: string;
  readonly kind: KindName;
  readonly does: string;
  readonly note: string | undefined;
}

/** What somebody without the network would have reached on the same rows. */
export interface Baseline {
  /** `majority class` or `mean`, and `linear model`. */
  readonly name: string;
  readonly scores: Scores;
}

/** A measure over the folds. */
export interface Spread {
  readonly name: string;
  readonly mean: number;
  /** The standard deviation of the folds, as that of a sample. */
  readonly deviation: number;
}

/** What `fitTable` found and did. All figures are of rows that nothing was learnt from. */
export interface ReportFacts {
  readonly task: Task;
  readonly targets: readonly string[];
  /** The labels, in the order of the confusion matrix. */
  readonly labels: readonly Label[];
  readonly seed: number;
  readonly rows: {
    readonly given: number;
    readonly withoutTarget: number;
    readonly training: number;
    readonly held: number;
  };
  /** The columns that are used. */
  readonly columns: readonly ReportedColumn[];
  readonly leftOut: readonly ReportedColumn[];
  /** The first cells that could not be taken as they are, and how many there are. */
  readonly cells: readonly OddCell[];
  readonly oddCells: number;
  /** What the reader should know or decide. */
  readonly notes: readonly string[];
  readonly leaks: readonly Leak[];
  /** Of the held-out rows, with `folds` of all folds together. `undefined` where none are held out. */
  readonly scores: Scores | undefined;
  /** Of each fold. */
  readonly folds: readonly Scores[] | undefined;
  readonly spread: readonly Spread[] | undefined;
  readonly baselines: readonly Baseline[];
  readonly calibration: readonly CalibrationBin[];
  readonly importance: readonly Importance[];
  /** The losses of each network, epoch by epoch. */
  readonly learning: readonly Learning[];
  /** How the networks were made, in words. */
  readonly recipe: string;
  readonly seconds: number;
}

/** The measures of some scores by their names, for the text, for means and for comparisons. */
export function measuresOf(scores: Scores): readonly (readonly [name: string, value: number])[] {
  if (scores.task === 'classes') {
    const { accuracy, balancedAccuracy, logLoss, rocAuc, macroF1 } = scores;
    const auc = rocAuc === undefined ? [] : [['ROC AUC', rocAuc] as const];
    return [
      ['accuracy', accuracy],
      ['balanced accuracy', balancedAccuracy],
      ['macro F1', macroF1],
      ...auc,
      ['log loss', logLoss],
    ];
  }
  const several = scores.targets.length > 1;
  return scores.targets.flatMap(({ name, r2, rmse, mae }) => {
    const of = several ? `${name}: ` : '';
    const share = r2 === undefined ? [] : [[`${of}R²`, r2] as const];
    return [...share, [`${of}RMSE`, rmse] as const, [`${of}MAE`, mae] as const];
  });
}

/** Mean and deviation of each measure that all folds have. */
export function spreadOf(folds: readonly Scores[]): Spread[] {
  const measured = folds.map((scores) => new Map(measuresOf(scores)));
  return [...measured[0].keys()]
    .filter((name) => measured.every((fold) => fold.has(name)))
    .map((name) => {
      const values = measured.map((fold) => fold.get(name)!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
      return { name, mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
    });
}
