import { WIDE } from '../gemm/height';

/** Where part `part` of `parts` begins among `count` units. */
// @ts-ignore: decorator
@inline
export function share(count: i32, part: i32, parts: i32): i32 {
  // the whole is the common case, and a division costs as much as a small layer
  return parts == 1 ? count * part : <i32>((<i64>count * part) / parts);
}

/** How many parts of `panels` panels can have something to do: a wide build takes two at a time. */
// @ts-ignore: decorator
@inline
export function panelUnits(panels: i32): i32 {
  return WIDE ? (panels + 1) >> 1 : panels;
}

/** The panel where part `part` of `parts` begins. */
// @ts-ignore: decorator
@inline
export function sharePanels(panels: i32, part: i32, parts: i32): i32 {
  return WIDE ? min(panels, share(panelUnits(panels), part, parts) << 1) : share(panels, part, parts);
}
