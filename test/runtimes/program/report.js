/** What a runtime makes of the package: ten lines as a user would write them, the bits, and what the engine can. */
import { trainNetworks } from './networks.js';

export async function report(chainrule) {
  const { createNetwork, dense } = chainrule;
  const x = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const net = await createNetwork({ inputs: 2, layers: [dense(8, 'tanh'), dense(1, 'sigmoid')], seed: 1 });
  await net.fit(x, [0, 1, 1, 0], { epochs: 3000, batchSize: 4 });
  const xor = Array.from(net.predict(x));
  net.dispose();

  const fastest = await createNetwork({ inputs: 1, layers: [dense(1)], numerics: 'fused' });
  const fused = fastest.numerics === 'fused'; // or the plain kernels, where there is no relaxed SIMD
  fastest.dispose();
  return {
    xor,
    trained: await trainNetworks(chainrule),
    fused,
    sharedMemory: typeof SharedArrayBuffer === 'function',
    disposeSymbol: typeof Symbol.dispose === 'symbol',
  };
}

/** The report as a line of text, or what went wrong. */
export async function reportText(chainrule) {
  try {
    return JSON.stringify(await report(chainrule));
  } catch (error) {
    return `failed: ${error}`;
  }
}
