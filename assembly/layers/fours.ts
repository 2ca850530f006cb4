import { Network } from '../abi/network';
import { share } from '../step/share';

/*
 * Rows in fours, for the kinds whose loops write whole vectors: of rows of one value a vector holds four, and no two
 * parts may write the same one.
 */

/** How many fours of rows there are in this pass. */
// @ts-ignore: decorator
@inline
export function fours(network: Network): i32 {
  return (network.rows + 3) >> 2;
}

/** The row where a part begins. */
// @ts-ignore: decorator
@inline
export function firstRow(network: Network, part: i32, parts: i32): i32 {
  return min(share(fours(network), part, parts) << 2, network.rows);
}
