/**
 * What can be changed while training goes on, and the stages that a training went through by such changes. The address
 * holds them, so that a link goes through the same ones.
 */
import type { Setting } from './setting.js';

export const LIVE_KEYS = ['rate', 'weightDecay', 'clipNorm'] as const;

/** The part of the setting that acts at once. */
export type Live = Pick<Setting, (typeof LIVE_KEYS)[number]>;

/** What held for the steps before `until`, from the end of the stage before. */
export interface Stage extends Live {
  readonly until: number;
}

/** More would make addresses longer than some programs pass on. */
export const MOST_STAGES = 50;

export function liveOf({ rate, weightDecay, clipNorm }: Live): Live {
  return { rate, weightDecay, clipNorm };
}

/** Whether a change touches nothing else. */
export function isLive(part: Partial<Setting>): boolean {
  return Object.keys(part).every((key) => (LIVE_KEYS as readonly string[]).includes(key));
}

export function writeStage(stage: Stage): string {
  return [stage.until, ...LIVE_KEYS.map((key) => stage[key])].join('_');
}

/** Undefined for a text that is no stage. The numbers' bounds are for the caller to check. */
export function readStage(text: string): Stage | undefined {
  const numbers = text.split('_').map((part) => (part === '' ? NaN : Number(part)));
  const [until, rate, weightDecay, clipNorm] = numbers;
  return numbers.length === 1 + LIVE_KEYS.length && numbers.every(Number.isFinite)
    ? { until, rate, weightDecay, clipNorm }
    : undefined;
}
