/** A wire between a client and the API that can be cut where it hurts. */
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Relay {
  readonly url: string;
  /** Connections so far. */
  connections(): number;
  /** The next answers, so many, are read from the server and never passed on: the connection is cut instead. */
  loseAnswers(count: number): void;
  close(): Promise<void>;
}

/** Passes everything on to that port of this machine. */
export async function relayTo(port: number): Promise<Relay> {
  const open = new Set<Socket>();
  let connections = 0;
  let toLose = 0;
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (answer: Buffer) => {
      if (toLose === 0) return void client.write(answer);
      toLose -= 1;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    loseAnswers: (count) => (toLose = count),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
