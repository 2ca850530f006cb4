/** The lines of TypeScript that train the same network with chainrule. */
import { OPTIMIZERS, usableOptions } from '../setting/optimizers.js';
import type { Setting } from '../setting/setting.js';

export const DATA_FILE = 'chainrule-data.json';

/** What beside the setting decides the network. */
export interface Shape {
  readonly inputs: number;
  readonly outputs: number;
  /** How long to train. */
  readonly epochs: number;
  /** The examples were standardised. */
  readonly isScaled: boolean;
}

/** The program. It reads the training examples from the file that the page offers beside it. */
export function codeFor(setting: Setting, { inputs, outputs, epochs, isScaled }: Shape): string {
  const { optimizer, loss, seed, batchSize, clipNorm } = setting;
  const layers = [...setting.layers, { units: outputs, activation: setting.output }];
  const init = setting.init === 'balanced' ? '' : `, { init: '${setting.init}' }`;
  const dense = layers.map(({ units, activation }) => `dense(${units}, '${activation}'${init})`);
  return [
    `import { readFile, rename, writeFile } from 'node:fs/promises';`,
    `import { createNetwork, dense, ${optimizer} } from 'chainrule';`,
    '',
    ...(isScaled
      ? ['// a value v of your own goes in as (v - mean) / deviation: the file\'s "scaling" has both for each column']
      : []),
    `const { x, y } = JSON.parse(await readFile('${DATA_FILE}', 'utf8'));`,
    'const net = await createNetwork({',
    `  inputs: ${inputs},`,
    `  layers: [${dense.join(', ')}],`,
    `  loss: '${loss}',`,
    `  optimizer: ${optimizer}({ ${optionsText(setting)} }),`,
    ...(clipNorm > 0 ? [`  clipNorm: ${clipNorm},`] : []),
    `  seed: ${seed},`,
    '});',
    `await net.fit(x, y, { epochs: ${epochs}, batchSize: ${batchSize} });`,
    `await writeFile('model.safetensors.part', net.save());`,
    `await rename('model.safetensors.part', 'model.safetensors');`,
    '',
  ].join('\n');
}

/** The rate, and what differs from what the page begins with where that is the library's own default. */
function optionsText({ optimizer, rate, weightDecay, options }: Setting): string {
  const fields = OPTIMIZERS[optimizer].fields;
  const changed = Object.entries(usableOptions(options)).filter(([name, value]) => {
    const field = fields[name];
    return value !== (field.kind === 'number' ? field.initial : false);
  });
  const decay = weightDecay > 0 || optimizer === 'adamW' ? { weightDecay } : {};
  const all = Object.entries({ rate, ...Object.fromEntries(changed), ...decay });
  return all.map(([name, value]) => `${name}: ${String(value)}`).join(', ');
}
