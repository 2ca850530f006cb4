/**
 * T = the weights of eight inputs, transposed: what the deltas go through on their way down.
 *
 *     W, per panel of 8 outputs:                        T [8 * panels, 8], dense:
 *       input 0 of the eight: w w w w w w w w             output 0: t t t t t t t t
 *       input 1 of the eight: w w w w w w w w             output 1: t t t t t t t t
 *       ...                   (panelStep bytes from       ...
 *                              panel to panel)
 *
 * W is read, T overwritten; they must not overlap. Exact.
 */
export function transpose(w: usize, panelStep: usize, panels: i32, t: usize): void {
  for (let p = 0; p < panels; p++) {
    transpose4x4(w, w + 32, w + 64, w + 96, t, 32);
    transpose4x4(w + 16, w + 48, w + 80, w + 112, t + 128, 32);
    transpose4x4(w + 128, w + 160, w + 192, w + 224, t + 16, 32);
    transpose4x4(w + 144, w + 176, w + 208, w + 240, t + 144, 32);
    w += panelStep;
    t += 256;
  }
}

/**
 * The 4 x 4 floats at a, b, c, d become columns: rows of four at t, `step` bytes apart. Eight shuffles in registers.
 */
// @ts-ignore: decorator
@inline
export function transpose4x4(a: usize, b: usize, c: usize, d: usize, t: usize, step: usize): void {
  const x = v128.load(a),
    y = v128.load(b),
    z = v128.load(c),
    w = v128.load(d);
  const xyLow = v128.shuffle<f32>(x, y, 0, 4, 1, 5),
    xyHigh = v128.shuffle<f32>(x, y, 2, 6, 3, 7),
    zwLow = v128.shuffle<f32>(z, w, 0, 4, 1, 5),
    zwHigh = v128.shuffle<f32>(z, w, 2, 6, 3, 7);
  v128.store(t, v128.shuffle<f32>(xyLow, zwLow, 0, 1, 4, 5));
  v128.store(t + step, v128.shuffle<f32>(xyLow, zwLow, 2, 3, 6, 7));
  v128.store(t + 2 * step, v128.shuffle<f32>(xyHigh, zwHigh, 0, 1, 4, 5));
  v128.store(t + 3 * step, v128.shuffle<f32>(xyHigh, zwHigh, 2, 3, 6, 7));
}
