/**
 * The activations of every neuron over the plane. The library predicts what comes out of a network; so for each hidden
 * layer there is a network that ends with it, which is given the same weights.
 */
import { createNetwork, type Network, type Parameters } from 'chainrule';
import type { Plane } from '../data/data-set.js';
import { layersOf } from './networks.js';
import { MAP_SIDE, SURFACE_SIDE, type Configuration, type Neuron } from './protocol.js';

export class Maps {
  readonly #shortened: readonly Network[];
  readonly #inputs: number;
  #points: Float32Array | undefined;
  #surface: Float32Array | undefined;

  private constructor(shortened: readonly Network[], inputs: number, plane: Plane | undefined) {
    this.#shortened = shortened;
    this.#inputs = inputs;
    if (plane) this.show(plane);
  }

  static async make(configuration: Configuration): Promise<Maps> {
    const { inputs, plane } = configuration;
    const layers = plane ? layersOf(configuration) : [];
    const hidden = layers.slice(0, -1).map((_, index) => layers.slice(0, index + 1));
    const networks = hidden.map((part) => createNetwork({ inputs, layers: part, seed: 0 }));
    return new Maps(await Promise.all(networks), inputs, plane);
  }

  /** Another plane from now on. */
  show(plane: Plane): void {
    this.#points = gridOf(plane, this.#inputs, MAP_SIDE);
    this.#surface = gridOf(plane, this.#inputs, SURFACE_SIDE);
  }

  /** A map for each layer; none where there is no plane. */
  draw(network: Network, parameters: Parameters): Float32Array[] {
    const [points, surface] = [this.#points, this.#surface];
    if (points === undefined || surface === undefined) return [];
    const hidden = this.#shortened.map((shortened, last) => {
      const names = Object.keys(parameters).filter((name) => Number(name.split('.')[1]) <= last);
      shortened.setParameters(Object.fromEntries(names.map((name) => [name, parameters[name]])));
      return shortened.predict(points);
    });
    return [...hidden, network.predict(surface)];
  }

  /** The map of one hidden neuron as fine as that of the output; `draw` has given the networks their weights. */
  large({ layer, j }: Neuron): Float32Array | undefined {
    const network = this.#shortened[layer];
    if (!network || !this.#surface) return undefined;
    const all = network.predict(this.#surface);
    const units = all.length / (SURFACE_SIDE * SURFACE_SIDE);
    return all.filter((_, at) => at % units === j);
  }

  dispose(): void {
    for (const network of this.#shortened) network.dispose();
  }
}

/** The centres of side × side cells of the plane, in rows from the top. */
function gridOf({ inputs: [across, up], from, to }: Plane, inputs: number, side: number): Float32Array {
  const points = new Float32Array(side * side * inputs);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * inputs;
      points[at + up] = to[1] - ((row + 0.5) / side) * (to[1] - from[1]);
      points[at + across] = from[0] + ((column + 0.5) / side) * (to[0] - from[0]);
    }
  }
  return points;
}
