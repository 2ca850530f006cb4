/** The library with vectors of 256 bits, which the whole process then has. `variant` is the kind of numerics. */
import { widen } from '../../library.js';
import type { Adapter } from '../adapter.js';
import * as narrow from './chainrule.js';

await widen();

export const { createTrainer, createPredictor }: Required<Adapter> = narrow;
