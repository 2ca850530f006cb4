import type { ReportFacts } from './facts.js';
import { reportText } from './report-text.js';

/** The facts, and as text. */
export interface Report extends ReportFacts {
  readonly text: string;
  toString(): string;
}

export function makeReport(facts: ReportFacts): Report {
  const text = reportText(facts);
  return Object.defineProperty({ ...facts, text }, 'toString', { value: () => text });
}
