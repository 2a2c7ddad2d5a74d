/** A TCP connection with a valve in it: what is beyond it hangs, as a network does that drops all. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Valve {
  /** Where to connect instead. */
  readonly port: number;
  /** From here on nothing passes, nor is anything refused. */
  shut(): void;
  open(): void;
  /** Nothing passes any more, and the port is free again. */
  stop(): Promise<void>;
}

/** Opens a port on the loopback interface (any, for 0) that leads to another. Call `stop` at the end. */
export async function valveTo(host: string, port: number, at = 0): Promise<Valve> {
  const sockets = new Set<Socket>();
  let isShut = false;
  const server = createServer((near) => {
    const far = connect(port, host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (isShut) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const set = (shut: boolean) => {
    isShut = shut;
    for (const socket of sockets)
      if (shut) socket.pause();
      else socket.resume();
  };
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => set(true),
    open: () => set(false),
    stop: () => stop(server, sockets),
  };
}

export interface DatabaseValve extends Valve {
  /** The database's address by way of the valve. */
  readonly url: string;
}

/** A valve before a database. */
export async function valveToDatabase(url: string): Promise<DatabaseValve> {
  const through = new URL(url);
  const valve = await valveTo(through.hostname, Number(through.port));
  through.hostname = '127.0.0.1';
  through.port = String(valve.port);
  return { ...valve, url: through.href };
}

function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
