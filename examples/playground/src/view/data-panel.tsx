/** What to learn: the data set, its noise, its split and its seed; or a file of one's own. */
import type { JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { NUMBERS } from '../setting/address.js';
import { CsvPanel } from './csv-panel.jsx';
import { DataPicker } from './data-picker.jsx';
import { SeedField, Slider } from './fields.jsx';
import { count } from './format.js';

export function DataPanel({ session }: { readonly session: Session }): JSX.Element {
  const { data, noise, testShare, dataSeed } = useStore(session.setting);
  const dataSet = useStore(session.dataSet);
  const noisy = data !== 'digits' && data !== 'csv';
  return (
    <section class="panel data" aria-labelledby="data-title">
      <h2 id="data-title">Data</h2>
      <DataPicker session={session} />
      <div class="fields two">
        <Slider
          label="Noise"
          hint="The standard deviation of what is added to each coordinate"
          value={noise}
          bounds={NUMBERS.noise}
          step={0.01}
          shown={noisy ? noise.toFixed(2) : 'none'}
          disabled={!noisy}
          onInput={(value) => session.change({ noise: value })}
        />
        <Slider
          label="Held out"
          hint="The share of the examples that is kept for the test"
          value={testShare}
          bounds={NUMBERS.testShare}
          step={5}
          shown={`${testShare} %`}
          onInput={(value) => session.change({ testShare: value })}
        />
        <SeedField
          label="Data seed"
          hint="Draws the examples, and which of them are held out"
          value={dataSeed}
          bounds={NUMBERS.dataSeed}
          onChange={(value) => session.change({ dataSeed: value })}
        />
        <p class="note beside-seed">
          {dataSet
            ? `${count(dataSet.train.count)} examples to learn from, ${count(dataSet.test.count)} held out.`
            : 'No examples yet.'}
        </p>
      </div>
      <CsvPanel session={session} />
    </section>
  );
}
