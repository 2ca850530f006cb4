/**
 * Pointing at something: with a mouse by hovering over it, with the keyboard by its focus, and with a finger, which
 * can't hover, by a tap that holds until the next tap anywhere.
 */

export interface PointHandlers {
  readonly onPointerEnter: (event: PointerEvent) => void;
  readonly onPointerLeave: (event: PointerEvent) => void;
  readonly onPointerUp: (event: PointerEvent) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/** Ends what the last tap points at. */
let release: (() => void) | undefined;

export function pointHandlers(point: (on: boolean) => void): PointHandlers {
  const hover = (on: boolean) => (event: PointerEvent) => {
    if (!isTouch(event)) point(on);
  };
  return {
    onPointerEnter: hover(true),
    onPointerLeave: hover(false),
    onPointerUp: (event) => {
      if (!isTouch(event)) return;
      point(true);
      holdUntilTap(() => point(false));
    },
    onFocus: () => point(true),
    // a tap takes the focus from what was tapped before, which has already ended
    onBlur: () => {
      if (release === undefined) point(false);
    },
  };
}

export function isTouch({ pointerType }: PointerEvent): boolean {
  return pointerType === 'touch';
}

/** Calls `end` at the next tap. A finger that scrolls does not tap: what is far away can be scrolled to. */
export function holdUntilTap(end: () => void): void {
  release = () => {
    release = undefined;
    end();
  };
}

/** Before the tap is given to what was tapped. */
export function listenForTaps(): void {
  addEventListener('pointerup', () => release?.(), { capture: true });
}
