import * as chainrule from 'chainrule';
import { reportText } from './report.js';

document.querySelector('output').textContent = await reportText(chainrule);
