/** Which example, whose average, and which weight. It rules the whole page: the panel, the picture and the code. */
import type { JSX } from 'preact';
import { classOf, type DataSet } from '../data/data-set.js';
import { unscaled } from '../data/scaling.js';
import { useStore } from '../session/store.js';
import type { Scope } from '../setting/view.js';
import type { Lens } from '../training/protocol.js';
import type { LensProps } from './derivative.jsx';
import { shortName } from './diagram-names.js';
import { NumberField, Select } from './fields.jsx';
import { count, number } from './format.js';
import { PixelPicker } from './pixel-picker.jsx';

const TITLES: Readonly<Record<Scope, string>> = { example: 'this example', batch: 'a batch', all: 'all' };

export function Choice({ session, dataSet, snapshot, lens }: LensProps): JSX.Element {
  const { example, layer, j, k } = lens.focus;
  const hidden = snapshot.biases.length - 1;
  const neurons = snapshot.biases[layer].length;
  const inputs = snapshot.weights[layer].length / neurons;
  const list = (length: number, at: number): (readonly [number, string])[] =>
    Array.from({ length }, (_, index) => [index, shortName(at, index, hidden, dataSet)] as const);
  const most = dataSet.train.count + dataSet.test.count;
  return (
    <div class="choice">
      <div class="choice-row">
        <NumberField
          label="Example"
          hint="Counted from 1, those held out last. Or choose a point of the picture."
          value={example + 1}
          bounds={{ min: 1, max: most, whole: true }}
          step={1}
          onChange={(value) => session.focusOn({ example: value - 1 })}
        />
        <Scopes {...{ session, dataSet, snapshot, lens }} />
      </div>
      {!dataSet.plane && <OwnExample {...{ session, dataSet, snapshot, lens }} />}
      <p class="note" data-members>
        {describeMembers(lens, dataSet, snapshot.batches)}
      </p>
      <div class={`choice-row weight ${layer === 0 && !dataSet.plane ? 'pixel' : ''}`}>
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
      </div>
    </div>
  );
}

/** Stands for the class that the network says, among the numbers of the classes. */
const AS_SAID = -1;

/** What the person drew, as an example beside the numbered ones; the class is theirs to say. */
function OwnExample({ session, dataSet, lens }: LensProps): JSX.Element | null {
  const sketch = useStore(session.sketch);
  if (!sketch) return null;
  const classes = dataSet.classes.map((name, at) => [at, name] as const);
  return (
    <div class="choice-row own">
      <button type="button" aria-pressed={lens.isOwn} onClick={() => session.lookAtOwn(!lens.isOwn)}>
        Your drawing
      </button>
      {lens.isOwn && (
        <Select
          label="is meant to be"
          value={sketch.meant ?? AS_SAID}
          options={[[AS_SAID, 'what the network says'], ...classes]}
          onChange={(meant) => session.sketch.set({ ...sketch, meant: meant === AS_SAID ? undefined : meant })}
        />
      )}
    </div>
  );
}

function Scopes({ session }: LensProps): JSX.Element {
  const { scope } = useStore(session.look);
  return (
    <fieldset class="segments">
      <legend>Cost of</legend>
      {(Object.keys(TITLES) as Scope[]).map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="scope"
            class="unseen"
            value={name}
            checked={scope === name}
            onChange={() => session.look.set({ ...session.look.value, scope: name, nudge: undefined })}
          />
          <span>{TITLES[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The example in words; or which examples the average is over. */
function describeMembers(lens: Lens, dataSet: DataSet, batches: number): string {
  const { scope, members, isOwn } = lens;
  const { first, count: size } = members;
  if (scope === 'example') return describeExample(lens, dataSet);
  const aside = isOwn
    ? ' Your drawing is not among them.'
    : isHeldOut(lens, dataSet)
      ? ` Example ${lens.focus.example + 1} is held out, and not among them.`
      : '';
  if (scope === 'all') return `The average over all ${count(size)} training examples.${aside}`;
  const number_ = Math.floor(first / Math.max(1, size)) + 1;
  return `The average over batch ${count(number_)} of ${count(batches)}: examples ${count(first + 1)} to ${count(first + size)}.${aside}`;
}

function isHeldOut({ focus }: Lens, { train }: DataSet): boolean {
  return focus.example >= train.count;
}

function describeExample(lens: Lens, dataSet: DataSet): string {
  const { task, classes, inputs, scaling } = dataSet;
  const { input: x, target: y } = lens;
  const scale = scaling?.targets[0];
  const truth = task === 'regression' ? number(unscaled(scale, y[0])) : classes[classOf(task, y)];
  const learnt = task === 'regression' && scale ? `, ${number(y[0])} to the network` : '';
  const place = lens.isOwn ? 'drawn by you' : isHeldOut(lens, dataSet) ? 'held out' : 'to learn from';
  const values =
    inputs.length > 4
      ? `${count(inputs.length)} inputs`
      : inputs.map((name, at) => `${name} = ${number(x[at])}`).join(', ');
  return `${values}; y = ${truth}${learnt}; ${place}.`;
}
