import type { AbortSignalLike, Epoch, Network } from '../index.js';
import { Random } from './arithmetic.js';
import { type Encoded, Features } from './features.js';
import { profileOf, takeColumn, type Taken } from './kinds/kinds.js';
import type { KindName } from './kinds/kind.js';
import { makeNetwork, settleEmbeddings, stepsOf, type Targets, trainNetwork } from './networks.js';
import { type Predictor, purposeOf, truthOf } from './predictor.js';
import { type Recipe, recipeFor } from './recipe.js';
import type { Table } from './rows.js';
import { cutFolds, holdOut, type Ordering, type Split } from './split.js';
import { classTarget, list, numberTarget, type Target, targetCells, type Task } from './target.js';

/** One epoch of one of the networks, as it is told while a table is learnt. */
export interface Progress {
  /** What the networks are for: the model, a fold of the cross-validation, or the linear model beside it. */
  readonly stage: string;
  /** Which network, from 1, and how many there will be in this stage. */
  readonly network: number;
  readonly networks: number;
  readonly epoch: number;
  /** The most there can be. */
  readonly epochs: number;
  readonly loss: number;
  /** On the rows that this network does not train on. */
  readonly validationLoss: number;
}

/** What is fixed before anything is learnt. */
export interface Assignment {
  readonly table: Table;
  readonly task: Task;
  readonly targets: readonly string[];
  /** The kinds that the user has named. */
  readonly kinds: ReadonlyMap<string, KindName>;
  /** Columns that are no inputs for another reason, and why. */
  readonly excluded: ReadonlyMap<string, string>;
  readonly ordering: Ordering;
  readonly seed: number;
  readonly balanced: boolean;
  readonly signal: AbortSignalLike | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** One network's training. */
export interface Learning {
  readonly epochs: readonly { readonly loss: number; readonly validation: number }[];
}

/** A predictor and how it came about. */
export interface Trained {
  readonly predictor: Predictor;
  readonly learning: readonly Learning[];
}

/** From so many networks on, each leaves out its own part of the rows: bagging. */
const BAGGED = 3;
/** What one network of a table of many rows does not train on. */
const VALIDATED = 0.1;
const STREAMS = { inner: 1, linear: 2 };

/** The target, of which the training rows alone say the means. */
export function targetOf(
  { table, task, targets }: Assignment,
  usable: readonly number[],
  rows: readonly number[],
): Target {
  const of = (some: readonly number[]) => targetCells(table, targets).map((cells) => some.map((row) => cells[row]));
  return task === 'classes' ? classTarget(targets[0], of(usable)[0]) : numberTarget(targets, of(rows));
}

/** Learns from some rows of a table: first what its columns are like, then the networks. */
export async function train(of: Assignment, target: Target, rows: readonly number[], stage: string): Promise<Trained> {
  const { table } = of;
  const inputs = [...table.columns.keys()].filter((name) => !of.targets.includes(name));
  const profiles = inputs.map((name) =>
    profileOf(
      name,
      rows.map((row) => table.columns.get(name)![row]),
    ),
  );
  const recipe = recipeFor(rows.length);
  const columns = profiles.map((profile): Taken => {
    const why = of.excluded.get(profile.name);
    if (why !== undefined) return { name: profile.name, kind: 'ignore', state: { why }, note: undefined };
    return takeColumn(profile, of.kinds.get(profile.name));
  });
  const features = new Features(columns);
  if (features.places.length === 0) {
    throw new RangeError(
      `no column is left to learn from: ${list(inputs)} are left out. Name their kinds in "columns"`,
    );
  }
  const learner = new Learner(of, target, { features, recipe, rows, stage });
  const { networks, learning } = await learner.ensemble();
  return { predictor: { target, columns, recipe, seed: of.seed, features, networks }, learning };
}

/** A linear model of the same columns, by one network without hidden layers. */
export async function trainLinear(
  of: Assignment,
  { target, columns, recipe, features }: Predictor,
  rows: readonly number[],
): Promise<Predictor> {
  const learner = new Learner(of, target, { features, recipe, rows, stage: 'linear model' });
  const { net } = await learner.one([], 0, 1);
  return { target, columns, recipe, seed: of.seed, features, networks: [net] };
}

interface Member {
  readonly net: Network;
  readonly history: readonly Epoch[];
}

/** Networks for some rows, each of which leaves some of them out to stop by. */
class Learner {
  readonly #of: Assignment;
  readonly #target: Target;
  readonly #given: { features: Features; recipe: Recipe; rows: readonly number[]; stage: string };
  readonly #encoded: Encoded;
  readonly #targets: Targets;
  readonly #splits: readonly Split[];

  constructor(
    of: Assignment,
    target: Target,
    given: { features: Features; recipe: Recipe; rows: readonly number[]; stage: string },
  ) {
    const { rows, recipe, features } = given;
    this.#of = of;
    this.#target = target;
    this.#given = given;
    this.#encoded = features.encode(of.table, rows);
    const truth = truthOf(target, of.table, rows);
    this.#targets = truth instanceof Int32Array ? truth : standardised(truth, target);
    const ordering = within(of.ordering, rows, truth);
    const every = rows.map((_, i) => i);
    const random = new Random(of.seed, STREAMS.inner);
    this.#splits =
      recipe.networks >= BAGGED && !ordering.times
        ? cutFolds(every, ordering, recipe.networks, random)
        : Array.from({ length: recipe.networks }, () => holdOut(every, ordering, VALIDATED, random));
  }

  /** Networks whose outputs are averaged, one for each split. */
  async ensemble(): Promise<{ networks: Network[]; learning: Learning[] }> {
    const members: Member[] = [];
    try {
      for (let split = 0; split < this.#splits.length; split++) {
        members.push(await this.one(this.#given.recipe.hidden, split, this.#splits.length));
      }
    } catch (error) {
      for (const { net } of members) net.dispose();
      throw error;
    }
    return {
      networks: members.map(({ net }) => net),
      learning: members.map(({ history }) => ({
        epochs: history.map(({ loss, validation }) => ({ loss, validation: validation?.loss ?? NaN })),
      })),
    };
  }

  /** The network of one split. */
  async one(hidden: readonly number[], split: number, networks: number): Promise<Member> {
    const { features, recipe, stage } = this.#given;
    const { seed, signal, onProgress, balanced } = this.#of;
    if (signal?.aborted) throw signal.reason;
    const { training } = this.#splits[split];
    const own = { seed: (seed + split) % Number.MAX_SAFE_INTEGER, recipe, steps: stepsOf(recipe, training.length) };
    const net = await makeNetwork(features, purposeOf(this.#target), hidden, own);
    try {
      const history = await trainNetwork(net, this.#encoded, this.#targets, this.#splits[split], {
        recipe,
        signal,
        classWeight: balanced ? this.#classWeight() : undefined,
        onEpoch: ({ number, loss, validation }) =>
          onProgress?.({
            stage,
            network: split + 1,
            networks,
            epoch: number,
            epochs: recipe.epochs,
            loss,
            validationLoss: validation?.loss ?? NaN,
          }),
      });
      settleEmbeddings(net, features, this.#encoded, training);
      return { net, history };
    } catch (error) {
      net.dispose();
      throw error;
    }
  }

  /** Rows / (classes * rows of the class): the classes count alike. */
  #classWeight(): number[] {
    const counts = new Array<number>(purposeOf(this.#target).outputs).fill(0);
    for (const label of this.#targets) counts[label]++;
    return counts.map((count) => (count === 0 ? 0 : this.#targets.length / (counts.length * count)));
  }
}

function standardised(truth: Float64Array, target: Target): Float32Array {
  if (target.task === 'classes') return new Float32Array(0);
  const { means, deviations } = target;
  return Float32Array.from(truth, (value, i) => (value - means[i % means.length]) / deviations[i % means.length]);
}

/** The same order for some of the rows, by their places among them. */
function within({ groups, times }: Ordering, rows: readonly number[], truth: Float64Array | Int32Array): Ordering {
  if (times) return { times: rows.map((row) => times[row]), groups: undefined, classes: undefined };
  const own = several(groups && rows.map((row) => groups[row]));
  return { times: undefined, groups: own, classes: own || !(truth instanceof Int32Array) ? undefined : truth };
}

/** Groups, if there are two or more. */
const several = (groups: readonly string[] | undefined): readonly string[] | undefined =>
  new Set(groups).size > 1 ? groups : undefined;
