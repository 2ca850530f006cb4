/** The derivative that is shown, by PyTorch's autograd. */
import type { ActivationName, LossName } from 'chainrule';
import { activationsOf, listOf, type Line, type Snippet, type Subject } from './snippet.js';

const ACTIVATIONS: Readonly<Partial<Record<ActivationName, (z: string) => string>>> = {
  linear: (z) => `${z} * 1`,
  tanh: (z) => `torch.tanh(${z})`,
  sigmoid: (z) => `torch.sigmoid(${z})`,
  relu: (z) => `F.relu(${z})`,
  leakyRelu: (z) => `F.leaky_relu(${z}, 0.01)`,
  elu: (z) => `F.elu(${z})`,
  silu: (z) => `F.silu(${z})`,
  softplus: (z) => `F.softplus(${z})`,
  gelu: (z) => `F.gelu(${z})`,
  geluTanh: (z) => `F.gelu(${z}, approximate='tanh')`,
  softmax: (z) => `torch.softmax(${z}, 1)`,
};

const LOSSES: Readonly<Partial<Record<LossName, (a: string) => string>>> = {
  quadratic: (a) => `((${a} - y) ** 2).sum(1).mean()`,
  mse: (a) => `F.mse_loss(${a}, y)`,
  mae: (a) => `F.l1_loss(${a}, y)`,
  huber: (a) => `F.huber_loss(${a}, y)`,
  smoothL1: (a) => `F.smooth_l1_loss(${a}, y)`,
  binaryCrossEntropy: (a) => `F.binary_cross_entropy(${a}, y)`,
  crossEntropy: (a) => `-(y * torch.log(${a})).sum(1).mean()`,
};

export function pytorchSnippet(subject: Subject): Snippet {
  const { weights, biases, examples } = subject;
  const tensor = (name: string, data: Float32Array, rows: number, isParameter: boolean): string =>
    `${name} = torch.tensor([${listOf(data)}], dtype=torch.float32).reshape(${rows}, -1)${isParameter ? '.requires_grad_()' : ''}`;
  const values = [
    'import torch.nn.functional as F',
    ...weights.flatMap((data, at) => [
      tensor(`W${at + 1}`, data, biases[at].length, true),
      tensor(`b${at + 1}`, biases[at], 1, false),
    ]),
    tensor('x', examples.x, examples.count, false),
    tensor('y', examples.y, examples.count, false),
  ];
  return { values, lines: [{ text: 'import torch' }, ...forwards(subject), ...backwards(subject)] };
}

function forwards(subject: Subject): Line[] {
  const { setting } = subject;
  const activations = activationsOf(subject);
  const lines = activations.flatMap((activation, index): Line[] => {
    const [z, a, below] = [`z${index + 1}`, `a${index + 1}`, index === 0 ? 'x' : `a${index}`];
    const apply = ACTIVATIONS[activation as ActivationName] ?? ((name: string) => name);
    return [{ text: `${z} = ${below} @ W${index + 1}.T + b${index + 1}` }, { text: `${a} = ${apply(z)}` }];
  });
  return [...lines, { text: `C = ${LOSSES[setting.loss]?.(`a${activations.length}`) ?? ''}` }];
}

/** An average is taken over the rows: then each row's three factors stand in one column, and their products are added. */
function backwards({ setting, focus: { layer, j, k }, examples }: Subject): Line[] {
  const [z, a, below, w] = [`z${layer + 1}`, `a${layer + 1}`, layer === 0 ? 'x' : `a${layer}`, `W${layer + 1}`];
  const isSoftmax = layer === setting.layers.length && setting.output === 'softmax';
  const row = examples.count === 1 ? '0' : ':';
  const slope: Line[] = [
    { text: `slope, = torch.autograd.grad(${a}.sum(), ${z}, retain_graph=True)` },
    // only now, or the line above would leave its own gradient there
    { text: `${a}.retain_grad()` },
    { text: 'C.backward()' },
    { text: `print(${below}[${row}, ${k}])  # ∂z/∂w`, part: 'input' },
    { text: `print(slope[${row}, ${j}])  # ∂a/∂z`, part: 'slope' },
    { text: `print(${a}.grad[${row}, ${j}])  # ∂C/∂a`, part: 'dA' },
  ];
  const delta: Line[] = [
    { text: `${z}.retain_grad()` },
    { text: 'C.backward()' },
    { text: `print(${below}[${row}, ${k}])  # ∂z/∂w`, part: 'input' },
    { text: `print(${z}.grad[${row}, ${j}])  # ∂C/∂z`, part: 'dA' },
  ];
  return [...(isSoftmax ? delta : slope), { text: `print(${w}.grad[${j}, ${k}])  # ∂C/∂w`, part: 'product' }];
}
