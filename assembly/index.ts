/** The ABI: every function the host may call. Pointers and lengths only; nothing here throws. */
export { madd } from './simd';
