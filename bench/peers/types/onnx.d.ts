/** What the benchmark calls of the library that writes ONNX files. */
declare module 'onnx-proto' {
  interface Bytes<T> {
    encode(message: T): { finish(): Uint8Array };
  }
  export interface TensorProto {
    name: string;
    dims: number[];
    dataType: number;
    rawData: Uint8Array;
  }
  export interface NodeProto {
    opType: string;
    input: string[];
    output: string[];
    attribute?: { name: string; type: number; i: number }[];
  }
  export interface ValueInfoProto {
    name: string;
    type: { tensorType: { elemType: number; shape: { dim: ({ dimValue: number } | { dimParam: string })[] } } };
  }
  export interface ModelProto {
    irVersion: number;
    opsetImport: { domain: string; version: number }[];
    graph: {
      name: string;
      node: NodeProto[];
      initializer: TensorProto[];
      input: ValueInfoProto[];
      output: ValueInfoProto[];
    };
  }
  const proto: {
    onnx: {
      ModelProto: Bytes<ModelProto>;
      TensorProto: { DataType: { FLOAT: number } };
      AttributeProto: { AttributeType: { INT: number } };
    };
  };
  export default proto;
}
