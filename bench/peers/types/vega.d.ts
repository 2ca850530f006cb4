/** What the benchmark calls to draw its chart. */
declare module 'vega-lite' {
  export function compile(spec: object): { spec: object };
}
declare module 'vega' {
  export function parse(spec: object): object;
  export class View {
    constructor(runtime: object, options: { renderer: 'none' });
    toSVG(): Promise<string>;
  }
}
