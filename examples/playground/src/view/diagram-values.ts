/** What the connections show: the weights, their derivatives, or what the last step added to them. */
import type { Shows } from '../setting/view.js';
import type { Snapshot } from '../training/protocol.js';
import type { Edge } from './diagram-geometry.js';
import { reachOf } from './heat.js';

export interface EdgeValues {
  /** The value of an edge, if there is one. */
  readonly of: (edge: Edge) => number | undefined;
  /** From 0 to 1: how much an edge of this value stands out. */
  readonly strength: (value: number) => number;
}

/** `name` is what the tip calls a value. */
export const SHOWN: Readonly<Record<Shows, { readonly title: string; readonly name: string }>> = {
  weights: { title: 'weights', name: 'w' },
  gradients: { title: 'gradients', name: '∂C/∂w' },
  change: { title: 'this step’s change', name: 'Δw' },
};

export function edgeValues(snapshot: Snapshot, shows: Shows): EdgeValues {
  const layers = layersOf(snapshot, shows);
  const widths = snapshot.weights.map(({ length }, layer) => length / snapshot.biases[layer].length);
  const of = ({ layer, j, k }: Edge): number | undefined =>
    k < widths[layer] ? layers?.[layer]?.[j * widths[layer] + k] : undefined;
  if (shows === 'weights') return { of, strength: (value) => Math.abs(value) / (Math.abs(value) + 1.5) };
  // gradients and changes have no size of their own: the largest is the measure
  const most = Math.max(...(layers ?? []).map((values) => reachOf(values.length, (at) => values[at])), 1e-30);
  return { of, strength: (value) => Math.min(1, Math.abs(value) / most) };
}

function layersOf({ weights, lens, change }: Snapshot, shows: Shows): readonly Float32Array[] | undefined {
  if (shows === 'weights') return weights;
  return shows === 'gradients' ? lens?.gradient?.weights : change;
}
