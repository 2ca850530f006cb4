/**
 * T = the weights of eight inputs, transposed: what the deltas go through on their way down.
 *
 *     W, per panel of 8 outputs:                        T [8 * panels, 8], dense:
 *       input 0 of the eight: w w w w w w w w             output 0: t t t t t t t t
 *       input 1 of the eight: w w w w w w w w             output 1: t t t t t t t t
 *       ...                   (panelStep bytes from       ...
 *                              panel to panel)
 *
 * W is read, T overwritten; they must not overlap. Exact. Blocks of 4 x 4 are turned in registers: 8 shuffles each.
 */
export function transpose(w: usize, panelStep: usize, panels: i32, t: usize): void {
  for (let p = 0; p < panels; p++) {
    turn(w, t);
    turn(w + 16, t + 128);
    turn(w + 128, t + 16);
    turn(w + 144, t + 144);
    w += panelStep;
    t += 256;
  }
}

// @ts-ignore: decorator
@inline
function turn(w: usize, t: usize): void {
  const a = v128.load(w),
    b = v128.load(w, 32),
    c = v128.load(w, 64),
    d = v128.load(w, 96);
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5),
    abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7),
    cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5),
    cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(t, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
  v128.store(t, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7), 32);
  v128.store(t, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), 64);
  v128.store(t, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), 96);
}
