/**
 * How many of `rows` examples an output got right, as a sum of fractions of an example; each counts `weights` [rows]
 * times, once where that is 0.
 *
 * rule 1: the largest output is the label's, or the largest target's (the first of equals).
 * rule 2: each output is on the target's side of 1/2; an example counts by the share of its outputs.
 * a and y are [rows, ld]; labels i32 [rows], or 0 for y. Exact without weights, a sum in the
 * order of the rows with them.
 */
export function countHits(
  rule: i32,
  a: usize,
  y: usize,
  labels: usize,
  rows: i32,
  columns: i32,
  ld: i32,
  weights: usize,
): f64 {
  const step = (<usize>ld) << 2;
  let total: f64 = 0;
  for (let row = 0; row < rows; row++) {
    let hits: i64 = 0;
    if (rule == 1) {
      const truth = labels ? load<i32>(labels + ((<usize>row) << 2)) : largestIndex(y, columns);
      if (largestIndex(a, columns) == truth) hits++;
    } else {
      for (let j: usize = 0; j < (<usize>columns) << 2; j += 4) {
        // a sum, not a branch that goes one way or the other with the example
        hits += i64(load<f32>(a + j) > 0.5 == load<f32>(y + j) > 0.5);
      }
    }
    total += weights ? <f64>load<f32>(weights + ((<usize>row) << 2)) * <f64>hits : <f64>hits;
    a += step;
    y += step;
  }
  return rule == 1 ? total : total / <f64>columns;
}

// @ts-ignore: decorator
@inline
function largestIndex(row: usize, columns: i32): i32 {
  let best = 0,
    value = load<f32>(row);
  for (let j = 1; j < columns; j++) {
    const candidate = load<f32>(row + ((<usize>j) << 2));
    if (candidate > value) {
      value = candidate;
      best = j;
    }
  }
  return best;
}
