/** Space plays and pauses, wherever the focus is on nothing that has a use for it of its own. */
import type { Session } from './session.js';

const TAKEN = 'a, button, input, select, textarea, summary, [role="application"], [role="region"], [contenteditable]';

export function listenForSpace(session: Session): void {
  addEventListener('keydown', (event) => {
    const { target, key, repeat } = event;
    const isFree = target instanceof Element && target.closest(TAKEN) === null;
    if (key !== ' ' || repeat || !isFree || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    // it would scroll
    event.preventDefault();
    if (session.playing.value) session.pause();
    else if (session.snapshot.value) session.play();
  });
}
