/**
 * What a thread of a team runs, as text: started as a classic script or a module, in Node or in a browser. Its first
 * message says what to instantiate and which place of the team it takes. Place 0 leads: it makes the calls that it is
 * sent, and leaves the number and the result of each at `reply`. The others serve the leader, and never return.
 */
export const WORKER_SOURCE = `'use strict';
{
  const { parentPort } = globalThis.process?.getBuiltinModule?.('node:worker_threads') ?? {};
  const post = (message) => (parentPort ?? globalThis).postMessage(message);
  let kernels, reply;
  const begin = async ({ module, memory, team, index, reply: at }) => {
    const words = () => new Int32Array(memory.buffer);
    const env = {
      memory,
      sleep(bell, seen, milliseconds) { Atomics.wait(words(), bell >>> 2, seen, milliseconds); },
      wake(bell) { Atomics.notify(words(), bell >>> 2, 1); },
    };
    kernels = (await WebAssembly.instantiate(module, { env })).exports;
    reply = new Int32Array(memory.buffer, at, 2);
    post({ ready: true });
    if (index > 0) kernels.serve(team, index);
  };
  const call = ({ id, name, args }) => {
    reply[1] = kernels[name](...args);
    Atomics.store(reply, 0, id);
    post({ id });
  };
  const receive = (message) => {
    if ('name' in message) call(message);
    else begin(message).catch((error) => post({ error: String(error) }));
  };
  if (parentPort) parentPort.on('message', receive);
  else globalThis.onmessage = ({ data }) => receive(data);
}
`;
