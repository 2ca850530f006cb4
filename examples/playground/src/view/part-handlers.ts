/** Lights up a part of the chain while something that stands for it is pointed at. */
import type { Part } from '../session/factors.js';
import type { Session } from '../session/session.js';
import { pointHandlers, type PointHandlers } from './pointing.js';

export function partHandlers(session: Session, part: Part | undefined): PointHandlers {
  return pointHandlers((on) => session.part.set(on ? part : undefined));
}
