/** Where part `part` of `parts` begins among `count` units. */
// @ts-ignore: decorator
@inline
export function share(count: i32, part: i32, parts: i32): i32 {
  // the whole is the common case, and a division costs as much as a small layer
  return parts == 1 ? count * part : <i32>((<i64>count * part) / parts);
}
