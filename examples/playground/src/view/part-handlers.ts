/** Lights up a part of the chain while something that stands for it has the pointer or the focus. */
import type { Part } from '../session/factors.js';
import type { Session } from '../session/session.js';

interface Handlers {
  readonly onPointerEnter: () => void;
  readonly onPointerLeave: () => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

export function partHandlers(session: Session, part: Part | undefined): Handlers {
  const on = (): void => session.part.set(part);
  const off = (): void => session.part.set(undefined);
  return { onPointerEnter: on, onPointerLeave: off, onFocus: on, onBlur: off };
}
