/** The network: its picture, and its layers to change. */
import type { JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { HIDDEN_ACTIVATIONS, MOST_LAYERS, MOST_NEURONS, type LayerSetting } from '../setting/setting.js';
import { outputsFor } from '../setting/tasks.js';
import { DiagramLegend, ShowsSwitch } from './diagram-legend.jsx';
import { Diagram } from './diagram.jsx';
import { Select } from './fields.jsx';
import { count } from './format.js';
import { Standing } from './standing.jsx';

export function NetworkPanel({ session }: { readonly session: Session }): JSX.Element {
  const { layers, output } = useStore(session.setting);
  const dataSet = useStore(session.dataSet);
  const set = (index: number, part: Partial<LayerSetting>): void => {
    session.change({ layers: layers.map((layer, at) => (at === index ? { ...layer, ...part } : layer)) });
  };
  const add = (): void => {
    const last = layers.at(-1) ?? { units: 4, activation: 'tanh' };
    session.change({ layers: [...layers, { ...last, units: Math.min(last.units, 8) }] });
  };
  const sizes = [dataSet?.inputs.length ?? 0, ...layers.map(({ units }) => units), dataSet?.outputs.length ?? 0];
  const parameters = sizes.slice(1).reduce((sum, units, at) => sum + units * (sizes[at] + 1), 0);
  return (
    <section class="panel network" aria-labelledby="network-title">
      <div class="panel-head">
        <h2 id="network-title">Network</h2>
        <span class="note">
          {sizes.join(' – ')}, {count(parameters)} weights and biases
        </span>
      </div>
      <ShowsSwitch session={session} />
      <div class="network-stage">
        <Diagram session={session} />
        <Standing session={session} />
      </div>
      <DiagramLegend session={session} />
      <p class="note for-touch">
        Tap a neuron to see its bias, a connection for its value, a factor of the derivative to light it up in the
        formula, the picture and the code. It holds until you tap elsewhere.
      </p>
      <ol class="layers">
        {layers.map((layer, index) => (
          <li key={index}>
            <Layer layer={layer} name={`Layer ${index + 1}`} onChange={(part) => set(index, part)} />
            <button
              type="button"
              class="quiet"
              aria-label={`Remove layer ${index + 1}`}
              title="Remove this layer"
              onClick={() => session.change({ layers: layers.filter((_, at) => at !== index) })}
            >
              ×
            </button>
          </li>
        ))}
        <li>
          <b>Output</b>
          <span class="units">
            <output>{dataSet?.outputs.length ?? 0}</output>
          </span>
          <Select
            label={<span class="unseen">Output activation</span>}
            value={output}
            options={outputsFor(dataSet?.task ?? 'regression').map((name) => [name, name] as const)}
            onChange={(name) => session.changeOutput(name)}
          />
        </li>
        <li class="add">
          <button type="button" onClick={add} disabled={layers.length >= MOST_LAYERS}>
            + Add a layer
          </button>
        </li>
      </ol>
    </section>
  );
}

function Layer({
  layer: { units, activation },
  name,
  onChange,
}: {
  readonly layer: LayerSetting;
  readonly name: string;
  readonly onChange: (part: Partial<LayerSetting>) => void;
}): JSX.Element {
  return (
    <>
      <b>{name}</b>
      <span class="units" role="group" aria-label={`${name}: neurons`}>
        <button
          type="button"
          aria-label={`${name}: one neuron less`}
          disabled={units <= 1}
          onClick={() => onChange({ units: units - 1 })}
        >
          −
        </button>
        <output>{units}</output>
        <button
          type="button"
          aria-label={`${name}: one neuron more`}
          disabled={units >= MOST_NEURONS}
          onClick={() => onChange({ units: units + 1 })}
        >
          +
        </button>
      </span>
      <Select
        label={<span class="unseen">{name}: activation</span>}
        value={activation}
        options={HIDDEN_ACTIVATIONS.map((option) => [option, option] as const)}
        onChange={(value) => onChange({ activation: value })}
      />
    </>
  );
}
