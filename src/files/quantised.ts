import { checkDefinition, nodesOf } from '../model/definition.js';
import { checkTensorForm, copyFinite } from '../model/parameters.js';
import { type Content, isDense, MOST_INPUTS, otherSlots, weightName } from '../model/quantised.js';
import type { Bytes } from '../support/arrays.js';
import { describe, FileFormatError } from '../support/check.js';
import { toJson } from './json.js';
import { type DecodedTensor, decodeSafetensors } from './read-safetensors.js';
import { checkFields, invalid, MOST_HEADER, parse } from './restore.js';
import { encodeSafetensors, type Tensor } from './write-safetensors.js';

/*
 * A network with int8 weights as a safetensors file: `layers.0.weight` I8 [outputs, inputs] and `layers.0.weightScale` F32
 * [outputs] of each dense layer, their product being the weight; all other tensors F32, by the names of `save`. The
 * metadata has `format`, `version` and `network`, in JSON: inputs, layers and loss, as `createNetwork` takes them.
 */

const FORMAT = 'chainrule-int8';
const VERSION = '1';

export function saveQuantised({ definition, tensors }: Content, shapes: ReadonlyMap<string, readonly number[]>): Bytes {
  const { inputs, parts, layers, loss } = definition;
  const entries = [...tensors].map(([name, data]): [string, Tensor] => [name, { shape: shapes.get(name)!, data }]);
  const network = toJson({ inputs: parts ?? inputs, layers, loss });
  return encodeSafetensors(entries, { format: FORMAT, version: VERSION, network });
}

/** The shape of every tensor of a network, by name. */
export function shapesOf(definition: Content['definition']): Map<string, readonly number[]> {
  const dense = nodesOf(definition).filter(isDense);
  return new Map([
    ...dense.map((node): [string, number[]] => [weightName(node), [node.outputs, node.inputs]]),
    ...otherSlots(definition).map(({ name, shape }): [string, readonly number[]] => [name, shape]),
  ]);
}

/** Reads a file, and checks all of it. */
export function readQuantised(bytes: Uint8Array): Content {
  const { tensors, metadata } = decodeSafetensors(bytes, MOST_HEADER);
  if (metadata.get('format') !== FORMAT) {
    const found = metadata.get('format');
    const advice = found === 'chainrule' ? ': that is a network for loadNetwork' : '';
    throw new FileFormatError(
      `the file holds no quantized network: its metadata has no format "${FORMAT}"${found === undefined ? '' : `, but ${describe(found)}`}${advice}`,
    );
  }
  const version = metadata.get('version');
  if (version !== VERSION) {
    throw new FileFormatError(`the file has version ${describe(version)}: this release reads version ${VERSION}`);
  }
  const definition = invalid(() => {
    const given = checkFields('the network', parse(metadata.get('network'), tensors.size), [
      'inputs',
      'layers',
      'loss',
    ]);
    return checkDefinition({ ...given, seed: 0 });
  });
  return { definition, tensors: readTensors(definition, tensors) };
}

function readTensors(
  definition: Content['definition'],
  tensors: ReadonlyMap<string, DecodedTensor>,
): Map<string, Int8Array | Float32Array> {
  const dense = nodesOf(definition).filter(isDense);
  // before anything is made of the sizes that the layers say
  if (dense.length > tensors.size)
    throw new FileFormatError(`the file has ${tensors.size} tensors: its layers need more`);
  const read = new Map<string, Int8Array | Float32Array>();
  for (const node of dense) {
    const name = weightName(node);
    const data = readData(tensors, {
      name,
      shape: [node.outputs, node.inputs],
      size: node.outputs * node.inputs,
      min: -127,
    });
    if (node.inputs > MOST_INPUTS) {
      throw new FileFormatError(
        `layer ${node.name} has ${node.inputs} inputs: at most ${MOST_INPUTS} can be quantized`,
      );
    }
    if (!(data instanceof Int8Array))
      throw new FileFormatError(`the file has ${describe(name)} as other numbers than I8`);
    if (data.includes(-128)) throw new FileFormatError(`the file has a number below -127 in ${describe(name)}`);
    read.set(name, data);
  }
  for (const slot of otherSlots(definition)) {
    const data = readData(tensors, slot);
    if (!(data instanceof Float32Array)) {
      throw new FileFormatError(`the file has ${describe(slot.name)} as other numbers than F32`);
    }
    const values = new Float32Array(slot.size); // outside of the check: memory that is short is not the file's fault
    invalid(() => copyFinite(slot, data, values));
    read.set(slot.name, values);
  }
  const stranger = [...tensors.keys()].find((name) => !read.has(name));
  if (stranger !== undefined) throw new FileFormatError(`the file has a tensor ${describe(stranger)} too many`);
  return read;
}

/** The values of one tensor, as many as its shape says. */
function readData(
  tensors: ReadonlyMap<string, DecodedTensor>,
  form: Parameters<typeof checkTensorForm>[0],
): ArrayLike<unknown> {
  const tensor = tensors.get(form.name);
  if (!tensor) throw new FileFormatError(`the file has no tensor ${describe(form.name)}`);
  return invalid(() => checkTensorForm(form, tensor));
}
