import { readQuantised } from '../files/quantised.js';
import type { QuantizedNetwork } from './quantized.js';

/**
 * Makes a network for predictions from what its `save` gave.
 *
 * @param bytes a safetensors file, which is checked whole before anything is allocated
 * @throws FileFormatError when the file is damaged or is no quantized network of this package's
 */
export async function loadQuantized(bytes: Uint8Array): Promise<QuantizedNetwork> {
  const content = readQuantised(bytes);
  return (await import('./quantized.js')).makeQuantized(content);
}
