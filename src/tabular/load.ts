import { readModel } from './file.js';
import { TableModel } from './model.js';

/**
 * A model from what `save` gave; it predicts the same bits.
 *
 * @param bytes a safetensors file, of which nothing is believed before it is checked
 * @throws FileFormatError when the file is damaged, of a newer version, or no model of a table
 */
export async function loadModel(bytes: Uint8Array | ArrayBuffer): Promise<TableModel> {
  return new TableModel(await readModel(bytes));
}
