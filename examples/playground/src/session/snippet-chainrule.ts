/** The derivative that is shown, by chainrule. */
import { activationsOf, listOf, type Line, type Snippet, type Subject } from './snippet.js';

export function chainruleSnippet(subject: Subject): Snippet {
  const { setting, focus, weights, biases, examples } = subject;
  const { layer, j, k } = focus;
  const inputs = weights[0].length / biases[0].length;
  const dense = activationsOf(subject).map((activation, at) => `dense(${biases[at].length}, '${activation}')`);
  const at = j * (weights[layer].length / biases[layer].length) + k;
  const parameters = weights.flatMap((data, index) => [
    `  'layers.${index}.weight': { data: Float32Array.of(${listOf(data)}) },`,
    `  'layers.${index}.bias': { data: Float32Array.of(${listOf(biases[index])}) },`,
  ]);
  const create = [
    'const net = await createNetwork({',
    `  inputs: ${inputs},`,
    `  layers: [${dense.join(', ')}],`,
    `  loss: '${setting.loss}',`,
    '});',
  ];
  const values = [
    ...create,
    'net.setParameters({',
    ...parameters,
    '});',
    `const x = Float32Array.of(${listOf(examples.x)});`,
    `const y = Float32Array.of(${listOf(examples.y)});`,
  ];
  const many: Line[] = [
    { text: 'const { parameters } = net.gradients(x, y);' },
    { text: `console.log(parameters['layers.${layer}.weight'].data[${at}]); // ∂C/∂w`, part: 'product' },
  ];
  return {
    values,
    lines: [
      { text: `import { createNetwork, dense } from 'chainrule';` },
      ...factorLines(subject),
      ...(examples.count > 1 ? many : []),
    ],
  };
}

/** Of the one example, or of one among many. */
function factorLines({ setting, focus: { layer, j, k }, examples: { x, y, count }, row }: Subject): Line[] {
  if (row === undefined) return [];
  const isSoftmax = layer === setting.layers.length && setting.output === 'softmax';
  const rowOf = (name: string, width: number): string =>
    count === 1 ? name : `${name}.slice(${row * width}, ${(row + 1) * width})`;
  const [input, target] = [rowOf('x', x.length / count), rowOf('y', y.length / count)];
  const middle: Line[] = isSoftmax
    ? [{ text: 'console.log(weight.delta);      // ∂C/∂z', part: 'dA' }]
    : [
        { text: 'console.log(weight.slope);      // ∂a/∂z', part: 'slope' },
        { text: 'console.log(weight.dA);         // ∂C/∂a', part: 'dA' },
      ];
  return [
    { text: `const { weight } = net.explain(${input}, ${target}, {` },
    { text: `  weight: { layer: ${layer}, j: ${j}, k: ${k} },` },
    { text: '});' },
    { text: 'console.log(weight.input);      // ∂z/∂w', part: 'input' },
    ...middle,
    ...(count === 1 ? [{ text: 'console.log(weight.derivative); // ∂C/∂w', part: 'product' } as const] : []),
  ];
}
