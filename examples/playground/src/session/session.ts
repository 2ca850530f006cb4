/** The page's state and everything that can be done to it. The views read the stores and call the methods. */
import { buildDataSet, NoFile } from '../data/build.js';
import { CsvError, readCsvFile, type CsvTable } from '../data/csv.js';
import { likelyTarget, taskOf, unusable } from '../data/csv-data.js';
import { planeOf, type DataSet } from '../data/data-set.js';
import { wholeHash } from '../lesson/scenes.js';
import { FIRST_FOCUS, readAddress, writeAddress } from '../setting/address.js';
import { defaultSetting, outputOf } from '../setting/defaults.js';
import type { DataName, Focus, Setting, TargetKind } from '../setting/setting.js';
import { isLive, liveOf, MOST_STAGES, type Stage } from '../setting/stages.js';
import { lossesFor } from '../setting/tasks.js';
import type { Shows } from '../setting/view.js';
import type { Look, Neuron, Sketch, Snapshot, Speed } from '../training/protocol.js';
import { Painter } from '../view/painter.js';
import { Engine } from './engine.js';
import type { Part } from './factors.js';
import { READY, type Status } from './status.js';
import { Store } from './store.js';
import { Trail } from './trail.js';

/** What changes the examples, and not the network alone. */
const DATA_KEYS: readonly (keyof Setting)[] = ['data', 'noise', 'testShare', 'dataSeed', 'csv'];

/** A snapshot, and the examples of its network: what is read together has to belong together. */
export interface Shown extends Snapshot {
  readonly dataSet: DataSet;
}

/** Where in the lesson the page is, if it is. */
export interface Lesson {
  /** From 1. */
  readonly scene: number | undefined;
  /** The seed of the exercise, in practice. */
  readonly exercise: number | undefined;
}

export class Session {
  readonly setting: Store<Setting>;
  /** The examples of the network that the page shows. Changes with the first snapshot of a network, never before it. */
  readonly dataSet = new Store<DataSet | undefined>(undefined);
  readonly csv = new Store<CsvTable | undefined>(undefined);
  /** Why a file was refused; the examples and the network stay as they were. */
  readonly dataProblem = new Store<string | undefined>(undefined);
  readonly status = new Store<Status>({ kind: 'loading', sentence: 'The network is being made.' });
  /** Changes up to once a frame. */
  readonly snapshot = new Store<Shown | undefined>(undefined);
  readonly look: Store<Look>;
  readonly sketch = new Store<Sketch | undefined>(undefined);
  readonly playing = new Store(false);
  readonly speed = new Store<Speed>('steady');
  /** What else went wrong. */
  readonly notices: Store<readonly string[]>;
  /** The neuron under the pointer, whose map is shown large. */
  readonly pointed = new Store<Neuron | undefined>(undefined);
  readonly shows: Store<Shows>;
  /** The part of the chain that is lit up, in the formula, the picture and the code. */
  readonly part = new Store<Part | undefined>(undefined);
  /** The parts of the chain that are for the person to find out. */
  readonly hidden = new Store<readonly Part[]>([]);
  readonly lesson: Store<Lesson>;
  readonly trail = new Trail(
    () => this.address(),
    () => this.#readAddress(),
  );
  readonly painter = new Painter();
  readonly #engine: Engine;
  /** Of the address: the step that the page shows, or is to show; and the stages on the way there. */
  #steps: number;
  #stages: readonly Stage[];
  #builds = 0;
  /** The examples of the network that was asked for last, which may still be on its way. */
  #examples: DataSet | undefined;

  constructor() {
    const { setting, steps, stages, focus, scope, shows, lesson, exercise, problems } = readAddress(
      wholeHash(location.hash),
    );
    this.lesson = new Store({ scene: lesson, exercise });
    this.setting = new Store(setting);
    this.look = new Store<Look>({ ...focusOf(focus), nudge: undefined, scope });
    this.shows = new Store(shows);
    this.notices = new Store(problems);
    this.#steps = steps;
    this.#stages = stages;
    this.#engine = new Engine({
      drawn: (snapshot, done) => {
        this.#draw(snapshot);
        this.painter.work();
        this.painter.whenSettled(done);
      },
      failed: (message) => this.#fail(message),
    });
    this.#engine.look(this.look.value);
    this.pointed.watch((neuron) => this.#engine.ask({ type: 'point', neuron }));
    this.sketch.watch((sketch) => this.#engine.ask({ type: 'sketch', sketch }));
    this.look.watch((look) => {
      this.#engine.look(look);
      this.trail.write();
    });
    this.shows.watch(() => this.trail.write());
    this.lesson.watch(() => this.trail.write());
    this.#build();
  }

  /** Once more, after something failed. */
  retry(): void {
    if (this.#engine.isBroken) this.#engine.start();
    this.#engine.look(this.look.value);
    this.#engine.ask({ type: 'sketch', sketch: this.sketch.value });
    this.#build();
  }

  /**
   * Changes the setting. Rate and regularisation act at once, and training goes on. Anything else starts it afresh, and
   * can be undone.
   */
  change(part: Partial<Setting>): void {
    if (isLive(part) && this.#isUnderWay()) this.#adjust(part);
    else this.#restart(part);
  }

  /** Starts afresh with another setting: what cures numbers that blew up, among others. */
  #restart(part: Partial<Setting>): void {
    const before = this.setting.value;
    const setting = { ...before, ...part };
    this.trail.keep();
    this.#begin(setting, 0, []);
    this.trail.push(Object.keys(part).join());
    if (DATA_KEYS.some((key) => setting[key] !== before[key])) this.#build();
    else this.#configure();
  }

  #adjust(part: Partial<Setting>): void {
    const setting = { ...this.setting.value, ...part };
    this.setting.set(setting);
    this.#engine.ask({ type: 'change', live: liveOf(setting) });
  }

  /** Some steps have been made by which the rate can be seen to change, and more can be made. */
  #isUnderWay(): boolean {
    const snapshot = this.snapshot.value;
    if (!snapshot || snapshot.diverged || snapshot.activity === 'replaying') return false;
    return (snapshot.steps > 0 || this.playing.value) && snapshot.stages.length < MOST_STAGES;
  }

  /** Another activation of the output layer; the loss stays if it suits that. */
  changeOutput(output: Setting['output']): void {
    const { loss } = this.setting.value;
    const losses = lossesFor(this.#examples?.task ?? 'regression', output);
    this.change({ output, loss: losses.includes(loss) && loss !== 'mse' ? loss : losses[0] });
  }

  chooseData(data: DataName): void {
    const { csv } = this.setting.value;
    const table = this.csv.value;
    this.dataProblem.set(undefined);
    this.look.set({ ...this.look.value, ...focusOf(undefined), nudge: undefined });
    if (data === 'csv' && table) this.change({ ...defaultSetting('csv', taskOf(table, csv.target, csv.as)), csv });
    else this.change({ ...defaultSetting(data), csv });
  }

  /** Takes a file that was dropped or chosen. A file that can't be used changes nothing but the message. */
  async openCsv(file: File): Promise<void> {
    const wanted = this.setting.value;
    try {
      const table = await readCsvFile(file);
      const awaited = wanted.data === 'csv' && !this.#examples && wanted.csv.file === file.name;
      const target = likelyTarget(table);
      const csv = { file: file.name, target, ignored: unusable(table).filter((name) => name !== target) };
      this.csv.set(table);
      this.dataProblem.set(undefined);
      // the file that an address asks for, with what the address says of it
      if (awaited) {
        this.#build();
        return;
      }
      this.look.set({ ...this.look.value, ...focusOf(undefined), nudge: undefined });
      this.change({ ...defaultSetting('csv', taskOf(table, target)), csv });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      this.dataProblem.set(error.message);
    }
  }

  /** Another column to learn, or the same taken for something else. */
  chooseTarget(target: string, as?: TargetKind): void {
    const table = this.csv.value;
    const { csv } = this.setting.value;
    if (!table) return;
    const ignored = [...new Set([...unusable(table), ...csv.ignored])].filter((name) => name !== target);
    const chosen = { file: csv.file, target, ignored, ...(as && { as }) };
    this.change({ ...outputOf(taskOf(table, target, as)), csv: chosen });
  }

  /** Which inputs the heat maps run along. */
  chooseAxes(axes: readonly [number, number]): void {
    if (!this.#examples) return;
    const plane = planeOf(this.#examples.train.x, this.#examples.inputs.length, axes);
    this.#examples = { ...this.#examples, plane };
    this.#engine.ask({ type: 'plane', plane });
  }

  play(): void {
    if (this.snapshot.value?.diverged !== undefined) return;
    this.playing.set(true);
    this.#engine.ask({ type: 'play', speed: this.speed.value });
  }

  pause(): void {
    this.playing.set(false);
    this.#engine.ask({ type: 'pause' });
  }

  step(): void {
    this.playing.set(false);
    this.#engine.ask({ type: 'advance', steps: 1 });
  }

  epoch(): void {
    this.playing.set(false);
    this.#engine.ask({ type: 'finishEpoch' });
  }

  /** Back to the first weights. */
  reset(): void {
    this.#restart({});
  }

  setSpeed(speed: Speed): void {
    this.speed.set(speed);
    if (this.playing.value) this.play();
  }

  /** An example that is chosen takes the place of the person's own. */
  focusOn(part: Partial<Focus>): void {
    const { focus, isOwn } = this.look.value;
    this.look.set({
      ...this.look.value,
      focus: { ...focus, ...part },
      isOpen: false,
      isOwn: isOwn && part.example === undefined,
      nudge: undefined,
    });
  }

  /** The picture on the canvas is the example from now on, and the weight is one of the pixel under the pen. */
  draw(sketch: Sketch, pixel: number): void {
    this.sketch.set(sketch);
    const { focus } = this.look.value;
    const j = focus.layer === 0 ? focus.j : 0;
    this.look.set({
      ...this.look.value,
      focus: { ...focus, layer: 0, j, k: pixel },
      isOpen: false,
      isOwn: true,
      nudge: undefined,
    });
  }

  /** Whether the example is the person's own, or the numbered one. */
  lookAtOwn(isOwn: boolean): void {
    this.look.set({ ...this.look.value, isOwn, nudge: undefined });
  }

  save(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#engine.save();
  }

  /** The address of the page as it stands. */
  address(): string {
    const hash = writeAddress({
      setting: this.setting.value,
      steps: this.#steps,
      stages: this.#stages,
      focus: this.look.value.isOpen ? undefined : this.look.value.focus,
      scope: this.look.value.scope,
      shows: this.shows.value,
      lesson: this.lesson.value.scene,
      exercise: this.lesson.value.exercise,
    });
    return new URL(`#${hash}`, location.href).href;
  }

  #begin(setting: Setting, steps: number, stages: readonly Stage[]): void {
    this.setting.set(setting);
    this.#steps = steps;
    this.#stages = stages;
    this.playing.set(false);
    this.pointed.set(undefined);
    this.notices.set([]);
  }

  #build(): void {
    const build = ++this.#builds;
    const take = (dataSet: DataSet): void => {
      if (build !== this.#builds) return;
      this.dataProblem.set(undefined);
      this.#examples = dataSet;
      this.#configure();
    };
    const refuse = (error: unknown): void => {
      if (build === this.#builds) this.#refuse(error);
    };
    try {
      const made = buildDataSet(this.setting.value, this.csv.value);
      if (!(made instanceof Promise)) {
        take(made);
        return;
      }
      this.#clear({ kind: 'loading', sentence: `The ${this.setting.value.data} are loading.` });
      made.then(take).catch(refuse);
    } catch (error) {
      refuse(error);
    }
  }

  #refuse(error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error);
    if (error instanceof NoFile || error instanceof CsvError) this.#clear({ kind: 'nothing', sentence });
    else this.#fail(sentence);
  }

  #fail(message: string): void {
    this.#clear({ kind: 'failed', sentence: message });
  }

  /** No network is at hand any more, and no picture of one. */
  #clear(status: Status): void {
    this.#engine.forget();
    this.playing.set(false);
    this.#examples = undefined;
    this.dataSet.set(undefined);
    this.snapshot.set(undefined);
    this.status.set(status);
  }

  #configure(): void {
    if (!this.#examples) return;
    const { task, train, test, plane, inputs, outputs } = this.#examples;
    this.#engine.configure({
      ...{ task, train, test, plane },
      setting: this.setting.value,
      inputs: inputs.length,
      outputs: outputs.length,
      steps: this.#steps,
      stages: this.#stages,
    });
  }

  #draw(snapshot: Snapshot): void {
    this.#follow(snapshot);
    if (snapshot.diverged !== undefined) this.playing.set(false);
    this.dataSet.set(this.#examples);
    this.snapshot.set(this.#examples && { ...snapshot, dataSet: this.#examples });
    this.status.set(READY);
    const isThere = snapshot.activity !== 'replaying' && snapshot.lens?.isFound;
    if (isThere && this.look.value.isOpen) this.focusOn(snapshot.lens?.focus ?? FIRST_FOCUS);
    if (snapshot.activity === 'idle') this.trail.write();
  }

  /** The address is to lead where training is now. On a link's way it leads to its end. */
  #follow({ activity, steps, stages }: Snapshot): void {
    if (activity === 'replaying') return;
    // the way was broken off, and what holds is what held there
    const held = this.#stages[stages.length];
    if (held) this.setting.set({ ...this.setting.value, ...liveOf(held) });
    this.#steps = steps;
    this.#stages = stages;
  }

  #readAddress(): void {
    const { setting, steps, stages, focus, scope, shows, lesson, exercise, problems } = readAddress(
      wholeHash(location.hash),
    );
    this.lesson.set({ scene: lesson, exercise });
    this.#begin(setting, steps, stages);
    this.notices.set(problems);
    this.look.set({ ...focusOf(focus), nudge: undefined, scope });
    this.shows.set(shows);
    this.#build();
  }
}

function focusOf(focus: Focus | undefined): Pick<Look, 'focus' | 'isOpen' | 'isOwn'> {
  return { focus: focus ?? FIRST_FOCUS, isOpen: focus === undefined, isOwn: false };
}
