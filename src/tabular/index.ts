/**
 * From a table to a model: see `fitTable`.
 *
 * @packageDocumentation
 */
export { fitTable } from './fit.js';
export { loadModel } from './load.js';
export type { Contribution } from './explain.js';
export type { Baseline, OddCell, ReportedColumn, ReportFacts, Spread } from './facts.js';
export type { Importance } from './importance.js';
export type { KindName } from './kinds/kind.js';
export type { Leak } from './leaks.js';
export type { CalibrationBin, ClassScores, NumberScores } from './metrics.js';
export type { ModelColumn, Prediction, TableModel } from './model.js';
export type { TableOptions } from './options.js';
export type { Scores } from './predictor.js';
export type { Report } from './report.js';
export type { ArrowLike, Columns, Row, Rows } from './rows.js';
export type { Label, Task } from './target.js';
export type { Learning, Progress } from './training.js';
