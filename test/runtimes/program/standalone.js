import * as chainrule from '../node_modules/chainrule/dist/standalone.js';
import { reportText } from './report.js';

document.querySelector('output').textContent = await reportText(chainrule);
