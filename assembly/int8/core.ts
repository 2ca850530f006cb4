/*
 * What a module for int8 borrows of the kernels whose memory it works in: see `abi/batch.ts`, `activations/activate.ts`
 * and `activations/softmax.ts`. The activations are theirs, and so their bits are.
 */

@external("env", "runBatchPhase")
export declare function runBatchPhase(at: usize, phase: i32): void;

@external("env", "activate")
export declare function activate(kind: i32, z: usize, a: usize, count: i32, parameter: f32, bound: f32): void;

@external("env", "softmax")
export declare function softmax(z: usize, a: usize, rows: i32, columns: i32, ld: i32): void;
