/** What both sides are told: the networks' hidden layers, batches and epochs. Everything else is the default. */
import { readFileSync } from 'node:fs';

interface Settings {
  readonly units: number;
  readonly batchSize: number;
  /** By data set. */
  readonly epochs: Readonly<Record<string, number>>;
}

export const SETTINGS = JSON.parse(readFileSync(new URL('settings.json', import.meta.url), 'utf8')) as Settings;

export const DATA_SETS: readonly string[] = Object.keys(SETTINGS.epochs);
