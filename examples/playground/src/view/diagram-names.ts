/** How neurons, layers and weights are called on the page. People count from 1. */
import type { DataSet } from '../data/data-set.js';
import type { Edge } from './diagram-geometry.js';

export function layerName(layer: number, hidden: number): string {
  return layer === hidden ? 'the output' : `layer ${layer + 1}`;
}

/** A neuron, or for layer -1 an input. */
export function neuronName(layer: number, index: number, hidden: number, dataSet: DataSet): string {
  if (layer < 0) return dataSet.inputs[index] ?? `input ${index + 1}`;
  if (layer < hidden) return `neuron ${index + 1} of layer ${layer + 1}`;
  return dataSet.outputs.length === 1 ? 'the output' : `output ${dataSet.outputs[index]}`;
}

/** The short name of a neuron, such as 2·5: the fifth of layer 2. Inputs and several outputs have their own. */
export function shortName(layer: number, index: number, hidden: number, dataSet: DataSet): string {
  if (layer < 0) return dataSet.inputs[index] ?? String(index + 1);
  return layer === hidden && dataSet.outputs.length > 1 ? dataSet.outputs[index] : `${layer + 1}·${index + 1}`;
}

export function edgeName({ layer, j, k }: Edge, hidden: number, dataSet: DataSet): string {
  return `from ${neuronName(layer - 1, k, hidden, dataSet)} to ${neuronName(layer, j, hidden, dataSet)}`;
}
