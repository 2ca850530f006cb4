/**
 * Another rate, weight decay or clipping for a network in the midst of its training: everything else, the optimizer's
 * averages and the random stream included, goes on as it was. The library saves all that to a safetensors file, whose
 * description of the network is exchanged here for that of a network made with the new numbers.
 */
import { loadNetwork, type Network } from 'chainrule';
import type { Live } from '../setting/stages.js';
import { makeNetwork } from './networks.js';
import type { Configuration } from './protocol.js';

/** The file begins with the length of its header, a JSON text, in 8 bytes. */
const LENGTH = 8;

interface Header {
  readonly __metadata__: Readonly<Record<string, string>> & { readonly network: string };
}

export async function adjust(network: Network, configuration: Configuration, live: Live): Promise<Network> {
  const saved = network.save();
  const wanted = await makeNetwork({ ...configuration, setting: { ...configuration.setting, ...live } });
  const description = headerOf(wanted.save()).__metadata__.network;
  wanted.dispose();
  return loadNetwork(describedBy(saved, description));
}

/** The file with another description, but its own progress. */
function describedBy(file: Uint8Array, description: string): Uint8Array {
  const header = headerOf(file);
  const { progress } = JSON.parse(header.__metadata__.network) as { progress: unknown };
  const network = JSON.stringify({ ...(JSON.parse(description) as object), progress });
  const text = JSON.stringify({ ...header, __metadata__: { ...header.__metadata__, network } });
  const bytes = new TextEncoder().encode(text);
  // the tensors begin at a multiple of 8
  const length = Math.ceil(bytes.length / 8) * 8;
  const tensors = file.subarray(LENGTH + lengthOf(file));
  const made = new Uint8Array(LENGTH + length + tensors.length).fill(0x20, LENGTH, LENGTH + length);
  new DataView(made.buffer).setBigUint64(0, BigInt(length), true);
  made.set(bytes, LENGTH);
  made.set(tensors, LENGTH + length);
  return made;
}

function lengthOf(file: Uint8Array): number {
  return Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
}

function headerOf(file: Uint8Array): Header {
  return JSON.parse(new TextDecoder().decode(file.subarray(LENGTH, LENGTH + lengthOf(file)))) as Header;
}
