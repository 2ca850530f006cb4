import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';

export interface Server {
  /** Ends with a slash. Its host is `localhost`, which is a secure context: `crypto.subtle` wants one. */
  address: string;
  close(): Promise<void>;
}

/** Serves the files of a folder, with these headers on each. */
export async function serve(folder: string, headers: Record<string, string> = {}): Promise<Server> {
  const files = sirv(folder, {
    dev: true,
    setHeaders: (response) => Object.entries(headers).forEach(([name, value]) => response.setHeader(name, value)),
  });
  const server = createServer((request, response) => files(request, response));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
