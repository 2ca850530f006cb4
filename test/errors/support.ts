/** What the tests of refusals share: a network to offend, and a way to see that it did not so much as flinch. */
import { expect } from 'vitest';
import { adam, createNetwork, dense, type Network, type NetworkOptions } from '../../src/index.js';

/** What a call throws or rejects with, as `TypeError: message`, the class in front; `no refusal` for one that works. */
export async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    const { constructor, message } = error as Error;
    return `${constructor.name}: ${message}`;
  }
  return 'no refusal';
}

/** As `refusal`, for a call within a callback, which must not wait. */
export function synchronousRefusal(call: () => unknown): string {
  try {
    call();
    return 'no refusal';
  } catch (error) {
    return String(error);
  }
}

export const DISPOSED = 'Error: the network has been disposed';
export const BUSY = 'Error: the network is being trained: wait until fit is done, or abort it';

/** Everything that can be asked of a network, but `dispose`. */
export function everything(net: Network): Record<string, () => unknown> {
  return {
    fit: () => net.fit(X, Y),
    epochs: () => net.epochs(X, Y),
    trainBatch: () => net.trainBatch(X, Y),
    setParameters: () => net.setParameters({}),
    predict: () => net.predict(X),
    evaluate: () => net.evaluate(X, Y),
    gradients: () => net.gradients(X, Y),
    backward: () => net.backward(X, new Float32Array(9)),
    applyGradients: () => net.applyGradients({}),
    predictAsync: () => net.predictAsync(X),
    evaluateAsync: () => net.evaluateAsync(X, Y),
    gradientsAsync: () => net.gradientsAsync(X, Y),
    explain: () => net.explain([1, 2], [0]),
    getParameters: () => net.getParameters(),
    summary: () => net.summary(),
    save: () => net.save(),
    steps: () => net.steps,
  };
}

/** A function as one who writes plain JavaScript, or ignores the types, may call it. */
export type Loose<Result = unknown> = (...args: unknown[]) => Result;

/** A call that is refused, and its class and message. */
export type Refusal = readonly [name: string, call: () => unknown, expected: string];

/** Two inputs, three classes. */
export const X = Float32Array.of(0.5, -1, 0.25, 2, -0.75, 1);
export const Y = Uint8Array.of(0, 2, 1);

/** A classifier that has been trained a little, so that its optimizer has state to lose. */
export async function classifier(options: Partial<NetworkOptions> = {}): Promise<Network> {
  const net = await createNetwork({
    inputs: 2,
    layers: [dense(4, 'tanh'), dense(3, 'softmax')],
    optimizer: adam({ rate: 0.05 }),
    seed: 7,
    ...options,
  });
  await net.fit(X, Y, { epochs: 2, batchSize: 2 });
  return net;
}

/** All that a network is: weights, optimizer state, step count and random stream. */
export function fingerprint(net: Network): string {
  return Buffer.from(net.save()).toString('latin1');
}

/** Each call is refused just so, changes nothing, and leaves a network that goes on like one never troubled. */
export async function expectRefusals(net: Network, cases: readonly Refusal[]): Promise<void> {
  const before = fingerprint(net);
  const measured = net.evaluate(X, Y);
  for (const [name, call, expected] of cases) {
    expect(await refusal(call), name).toBe(expected);
    expect(fingerprint(net) === before, `${name} leaves the network as it was`).toBe(true);
    expect(net.evaluate(X, Y), name).toEqual(measured);
  }
  await expectUntroubled(net, before);
}

/** The network stands where `before` says, and goes on with the same bits as an untroubled one. */
export async function expectUntroubled(net: Network, before: string): Promise<void> {
  expect(fingerprint(net) === before, 'the network has not changed').toBe(true);
  const twin = await classifier();
  expect(fingerprint(twin) === before, 'its twin stands at the same step').toBe(true);
  for (const network of [net, twin]) await network.fit(X, Y, { epochs: 2, batchSize: 2 });
  expect(fingerprint(net) === fingerprint(twin), 'both go on with the same bits').toBe(true);
  twin.dispose();
}

/** An array whose memory has been posted to another thread. */
export function detached(length: number): Float32Array {
  const array = new Float32Array(length);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

type Resizable = ArrayBuffer & { resize(bytes: number): void };

/** A buffer that can grow and shrink, by a constructor that the types of ES2023 do not know. */
export function resizable(bytes: number, most: number): Resizable {
  const Buffer = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => Resizable;
  return new Buffer(bytes, { maxByteLength: most });
}
