/** How the network learns: loss, optimizer, rate, batches, regularisation, seed. */
import type { JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { NUMBERS } from '../setting/address.js';
import { initialOptions, OPTIMIZER_NAMES, OPTIMIZERS } from '../setting/optimizers.js';
import { INIT_NAMES } from '../setting/setting.js';
import { lossesFor } from '../setting/tasks.js';
import { NumberField, SeedField, Select, Switch } from './fields.jsx';

export function TrainingPanel({ session }: { readonly session: Session }): JSX.Element {
  const setting = useStore(session.setting);
  const task = useStore(session.dataSet, (dataSet) => dataSet?.task ?? 'regression');
  const { output, loss, init, optimizer, rate, batchSize, weightDecay, clipNorm, seed } = setting;
  return (
    <section class="panel training" aria-labelledby="training-title">
      <h2 id="training-title">Training</h2>
      <div class="fields many">
        <Select
          label="Loss"
          value={loss}
          options={lossesFor(task, output).map((name) => [name, name] as const)}
          onChange={(value) => session.change({ loss: value })}
        />
        <Select
          label="Optimizer"
          value={optimizer}
          options={OPTIMIZER_NAMES.map((name) => [name, OPTIMIZERS[name].title] as const)}
          onChange={(name) => session.change({ optimizer: name, options: initialOptions(name) })}
        />
        <NumberField
          label="Learning rate"
          value={rate}
          bounds={NUMBERS.rate}
          onChange={(value) => session.change({ rate: value })}
        />
        <NumberField
          label="Batch size"
          hint="Examples whose gradients are averaged for one step"
          value={batchSize}
          bounds={NUMBERS.batchSize}
          step={1}
          onChange={(value) => session.change({ batchSize: value })}
        />
        <Options session={session} />
        <NumberField
          label="Weight decay"
          hint="Regularisation: pulls each weight and bias towards 0"
          value={weightDecay}
          bounds={NUMBERS.weightDecay}
          onChange={(value) => session.change({ weightDecay: value })}
        />
        <NumberField
          label="Clip gradient at"
          hint="The longest that the gradient may be, as one vector; 0 for no bound"
          value={clipNorm}
          bounds={NUMBERS.clipNorm}
          onChange={(value) => session.change({ clipNorm: value })}
        />
        <Select
          label="First weights"
          hint="How the weights are drawn before the first step"
          value={init}
          options={INIT_NAMES.map((name) => [name, name] as const)}
          onChange={(value) => session.change({ init: value })}
        />
        <SeedField
          label="Network seed"
          hint="Draws the first weights and the order of the examples"
          value={seed}
          bounds={NUMBERS.seed}
          onChange={(value) => session.change({ seed: value })}
        />
      </div>
      <p class="note">
        Rate, weight decay and clipping act at once, and training goes on. Any other change starts it afresh; Undo goes
        back.
      </p>
    </section>
  );
}

function Options({ session }: { readonly session: Session }): JSX.Element {
  const { optimizer, options } = useStore(session.setting);
  const set = (name: string, value: number | boolean): void =>
    session.change({ options: { ...options, [name]: value } });
  return (
    <>
      {Object.entries(OPTIMIZERS[optimizer].fields).map(([name, field]) =>
        field.kind === 'switch' ? (
          <Switch key={name} label={name} value={options[name] === true} onChange={(value) => set(name, value)} />
        ) : (
          <NumberField
            key={name}
            label={name}
            value={Number(options[name])}
            bounds={{ min: field.min, max: field.below - field.step / 100 }}
            onChange={(value) => set(name, value)}
          />
        ),
      )}
    </>
  );
}
