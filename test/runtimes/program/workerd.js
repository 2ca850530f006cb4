import * as chainrule from 'chainrule';
import relaxed from 'chainrule/kernels.relaxed.wasm';
import kernels from 'chainrule/kernels.wasm';
import { report } from './report.js';

/** `workerd test` calls it. */
export default {
  async test() {
    const options = { inputs: 1, layers: [chainrule.dense(1)], threads: 2 };
    const refused = await chainrule.createNetwork(options).then(() => 'nothing was refused', String);
    if (!/forbids compiling.*"chainrule\/kernels.wasm".*provideKernels/.test(refused)) throw new Error(refused);
    chainrule.provideKernels(kernels);
    chainrule.provideKernels(relaxed, 'fused');
    const { threads } = await chainrule.createNetwork(options);
    if (threads !== 1) throw new Error(`${threads} threads`);
    console.log(JSON.stringify(await report(chainrule)));
  },
};
