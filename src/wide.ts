import { bytes } from './engine/kernels.plain.wide.generated.js';
import { widen } from './engine/wide.js';
import { provideKernels } from './index.js';

/*
 * `import 'chainrule/wide'`, before the first network: Node's V8 then takes two vectors of 128 bits as one of 256, which
 * is an experiment of V8's. It is asked for in the whole process, and changes no bit of what is computed.
 */

/** Why it did not take; `undefined` where it did. */
export const reason: string | undefined = widen(bytes(), provide);

/** The bits of a vector from now on: 256 where it took, and 128 where everything is as it was. */
export const vectors: 128 | 256 = reason === undefined ? 256 : 128;

function provide(kernels: WebAssembly.Module): void {
  provideKernels(kernels);
  // the others are loaded with the first network that asks for them
  provideKernels(
    lazy(() => import('./engine/kernels.relaxed.wide.generated.js')),
    'fused',
  );
  provideKernels(
    lazy(() => import('./engine/kernels.plain.shared.wide.generated.js')),
    'reproducible',
    'shared',
  );
  provideKernels(
    lazy(() => import('./engine/kernels.relaxed.shared.wide.generated.js')),
    'fused',
    'shared',
  );
}

/** What `provideKernels` takes for an answer of `fetch`. */
function lazy(load: () => Promise<{ bytes: () => Uint8Array<ArrayBuffer> }>): Parameters<typeof provideKernels>[0] {
  return { ok: true, status: 200, arrayBuffer: async () => (await load()).bytes().buffer };
}
