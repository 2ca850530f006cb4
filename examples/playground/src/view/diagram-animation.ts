/** Keeps the canvas of the two passes up to date, and lets them run through it once when a connection is picked. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Session } from '../session/session.js';
import { theme } from '../session/theme.js';
import type { Look } from '../training/protocol.js';
import { drawFlow, flowOf, RUN_MS } from './diagram-flow.js';
import type { Geometry } from './diagram-geometry.js';

const calm = matchMedia('(prefers-reduced-motion: reduce)');

export function useFlow(
  canvas: { readonly current: HTMLCanvasElement | null },
  session: Session,
  geometry: Geometry,
): void {
  const began = useRef(-Infinity);
  useLayoutEffect(() => {
    let frame = 0;
    const paint = (): void => {
      frame = 0;
      const element = canvas.current;
      const snapshot = session.snapshot.value;
      if (!snapshot || !element || snapshot.biases.length !== geometry.columns.length - 1) return;
      const run = session.playing.value || calm.matches ? 1 : (performance.now() - began.current) / RUN_MS;
      session.painter.paint(element, () => {
        const flow = flowOf(geometry, snapshot);
        return flow && drawFlow(element, flow, session.part.value, run);
      });
      if (run < 1) ask();
    };
    const ask = (): void => void (frame ||= requestAnimationFrame(paint));
    let { focus } = session.look.value;
    const restart = (look: Look): void => {
      if (look.focus === focus) return;
      focus = look.focus;
      began.current = performance.now();
      ask();
    };
    paint();
    const ends = [
      session.snapshot.watch(paint),
      theme.watch(ask),
      session.part.watch(ask),
      session.look.watch(restart),
    ];
    return () => {
      cancelAnimationFrame(frame);
      ends.forEach((end) => end());
    };
  }, [canvas, session, geometry]);
}
