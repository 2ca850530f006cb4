/**
 * to_ij = from_ij, or to_ij + from_ij where `adds` is 1, in `columns` columns of `rows` rows, `fromLd` and `toLd` floats
 * apart. Nothing behind them is read or written, at any alignment. They are the same array or disjoint.
 */
export function passRows(from: usize, fromLd: i32, to: usize, toLd: i32, rows: i32, columns: i32, adds: i32): void {
  const bytes = (<usize>columns) << 2,
    keep = i32x4.splat(adds ? -1 : 0);
  for (let row = 0; row < rows; row++) {
    let at: usize = 0;
    for (; at + 16 <= bytes; at += 16) {
      v128.store(to + at, f32x4.add(v128.and(v128.load(to + at), keep), v128.load(from + at)));
    }
    for (; at < bytes; at += 4) store<f32>(to + at, (adds ? load<f32>(to + at) : 0) + load<f32>(from + at));
    from += (<usize>fromLd) << 2;
    to += (<usize>toLd) << 2;
  }
}
