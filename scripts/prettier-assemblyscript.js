/**
 * A prettier plugin for AssemblyScript. Its one difference from TypeScript in the text is the decorator on a function
 * or variable (`@inline`), which the TypeScript parser refuses: it is parsed as a comment and printed as itself.
 */
import * as estree from 'prettier/plugins/estree';
import { parsers as typescript } from 'prettier/plugins/typescript';

const DECORATOR = /^([ \t]*)(@\w+(?:\(.*\))?)[ \t]*$/gm;
const MARK = 'assemblyscript-decorator:';

/** @type {import('prettier').Plugin['parsers']} */
export const parsers = {
  assemblyscript: {
    ...typescript.typescript,
    astFormat: 'assemblyscript',
    preprocess: (text) => text.replace(DECORATOR, `$1//${MARK}$2`),
  },
};

/** @type {import('prettier').Plugin['printers']} */
export const printers = {
  assemblyscript: {
    ...estree.printers.estree,
    printComment(path, options) {
      const text = path.node.value;
      return text.startsWith(MARK) ? text.slice(MARK.length) : estree.printers.estree.printComment(path, options);
    },
  },
};
