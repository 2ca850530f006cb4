/** A network as an ONNX model: a Gemm and an activation for each layer, from the input x to the output y. */
import proto, { type NodeProto, type TensorProto, type ValueInfoProto } from 'onnx-proto';
import { outputsOf, type ActivationName } from '../workloads.js';
import type { Task } from './adapter.js';

const { ModelProto, TensorProto: Tensors, AttributeProto } = proto.onnx;

const OPERATORS: Readonly<Record<ActivationName, string>> = {
  linear: 'Identity',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'Relu',
  softmax: 'Softmax',
};

export function encodeOnnx({ workload, parameters }: Task, batchSize: number): Uint8Array {
  const { inputs, layers } = workload;
  return ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'network',
      node: layers.flatMap(({ activation }, l) => nodesOf(l, activation, l === layers.length - 1)),
      initializer: parameters.flatMap(({ weights, biases }, l) => [
        tensor(`W${l}`, weights, [biases.length, weights.length / biases.length]),
        tensor(`b${l}`, biases, [biases.length]),
      ]),
      input: [matrix('x', batchSize, inputs)],
      output: [matrix('y', batchSize, outputsOf(workload))],
    },
  }).finish();
}

/** z = a · Wᵀ + b, and σ(z). */
function nodesOf(l: number, activation: ActivationName, last: boolean): NodeProto[] {
  const transposed = { name: 'transB', type: AttributeProto.AttributeType.INT, i: 1 };
  return [
    { opType: 'Gemm', input: [l === 0 ? 'x' : `a${l}`, `W${l}`, `b${l}`], output: [`z${l}`], attribute: [transposed] },
    { opType: OPERATORS[activation], input: [`z${l}`], output: [last ? 'y' : `a${l + 1}`] },
  ];
}

function tensor(name: string, values: Float32Array, dims: number[]): TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dims, dataType: Tensors.DataType.FLOAT, rawData };
}

function matrix(name: string, rows: number, columns: number): ValueInfoProto {
  const shape = { dim: [{ dimValue: rows }, { dimValue: columns }] };
  return { name, type: { tensorType: { elemType: Tensors.DataType.FLOAT, shape } } };
}
