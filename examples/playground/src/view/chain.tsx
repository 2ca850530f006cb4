/** The chain rule with this network's numbers: one example, one weight, and all that lies between it and the cost. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { classOf, exampleAt, type DataSet } from '../data/data-set.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly, useOnScreen } from '../session/watch.js';
import type { Lens, Scope, Snapshot } from '../training/protocol.js';
import { Flow } from './chain-flow.jsx';
import { GradientPicture } from './chain-gradient.jsx';
import { NudgePanel } from './chain-nudge.jsx';
import { Paths } from './chain-paths.jsx';
import { Passes } from './chain-passes.jsx';
import { NumberField, Select } from './fields.jsx';
import { PixelPicker } from './pixel-picker.jsx';
import { count, number } from './format.js';

export function Chain({ session }: { readonly session: Session }): JSX.Element {
  const dataSet = useStore(session.dataSet);
  const section = useRef<HTMLElement>(null);
  const isOnScreen = useOnScreen(section);
  // while training, numbers that nobody sees need not be rendered
  const isFollowed = !useStore(session.playing) || isOnScreen;
  const snapshot = useCalmly(session.snapshot, (value) => value, isFollowed);
  const lens = snapshot?.lens;
  // what the worker last said may be of the network before a change
  const isCurrent = lens?.input.length === dataSet?.inputs.length && lens?.target.length === dataSet?.outputs.length;
  return (
    <section class="panel chain" ref={section} aria-labelledby="chain-title">
      <h2 id="chain-title">The chain rule, with this network’s numbers</h2>
      {isCurrent && dataSet && lens && <Content {...{ session, dataSet, snapshot, lens }} />}
    </section>
  );
}

export interface ChainProps {
  readonly session: Session;
  readonly dataSet: DataSet;
  readonly snapshot: Snapshot;
  readonly lens: Lens;
}

function Content(props: ChainProps): JSX.Element {
  const { lens } = props;
  return (
    <>
      <Choice {...props} />
      {!lens.gradient && (
        <p class="notice">
          The gradient overflows here: there is none. Smaller weights, or inputs scaled to about 1, are the usual cures.
        </p>
      )}
      <div class="chain-grid">
        <div class="chain-main">
          <Flow {...props} />
          <Paths {...props} />
        </div>
        <NudgePanel {...props} />
      </div>
      <Passes {...props} />
      {lens.gradient && <GradientPicture gradient={lens.gradient} focus={lens.focus} />}
    </>
  );
}

const SCOPES: readonly (readonly [Scope, string])[] = [
  ['example', 'this one example'],
  ['batch', 'a batch'],
  ['all', 'all training examples'],
];

/** Which example, which weight, and whose average. */
function Choice({ session, dataSet, snapshot, lens }: ChainProps): JSX.Element {
  const { scope } = useStore(session.look);
  const { example, layer, j, k } = lens.focus;
  const hidden = snapshot.biases.length - 1;
  const neurons = snapshot.biases[layer].length;
  const inputs = snapshot.weights[layer].length / neurons;
  const nameOf = (at: number, index: number): string => {
    if (at < 0) return dataSet.inputs[index];
    return at === hidden ? dataSet.outputs[index] : `neuron ${index + 1}`;
  };
  const list = (length: number, at: number): (readonly [number, string])[] =>
    Array.from({ length }, (_, index) => [index, nameOf(at, index)] as const);
  const most = dataSet.train.count + dataSet.test.count;
  return (
    <div class="choice">
      <NumberField
        label="Example"
        hint="Counted from 1, those held out last. Or choose a point of the picture above."
        value={example + 1}
        bounds={{ min: 1, max: most, whole: true }}
        step={1}
        onChange={(value) => session.focusOn({ example: value - 1 })}
      />
      <p class="example">{describeExample(dataSet, example)}</p>
      <Select
        label="Weight into"
        value={layer}
        options={Array.from(
          snapshot.biases,
          (_, at) => [at, at === hidden ? 'the output' : `layer ${at + 1}`] as const,
        )}
        onChange={(value) => session.focusOn({ layer: value, j: 0, k: 0 })}
      />
      <Select
        label="to neuron"
        value={j}
        options={list(neurons, layer)}
        onChange={(value) => session.focusOn({ j: value })}
      />
      {layer === 0 && !dataSet.plane ? (
        <PixelPicker pixels={lens.input} chosen={k} onChoose={(pixel) => session.focusOn({ k: pixel })} />
      ) : (
        <Select
          label="from"
          value={k}
          options={list(inputs, layer - 1)}
          onChange={(value) => session.focusOn({ k: value })}
        />
      )}
      <fieldset class="scopes">
        <legend>Cost of</legend>
        {SCOPES.map(([name, text]) => (
          <label key={name}>
            <input
              type="radio"
              name="scope"
              value={name}
              checked={scope === name}
              onChange={() => session.look.set({ ...session.look.value, scope: name })}
            />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function describeExample(dataSet: DataSet, index: number): string {
  const { task, classes, inputs, train } = dataSet;
  const { x, y } = exampleAt(dataSet, index);
  const truth = task === 'regression' ? number(y[0]) : classes[classOf(task, y)];
  const place = index < train.count ? 'to learn from' : 'held out';
  const values =
    inputs.length > 4
      ? `${count(inputs.length)} inputs`
      : inputs.map((name, at) => `${name} = ${number(x[at])}`).join(', ');
  return `${values}; y = ${truth}; ${place}`;
}
