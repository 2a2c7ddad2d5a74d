/** Free ports on the loopback address. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Ports to draw from: above those of the programs that people know, below those of `npm start` (from
 * 21000) and those that systems give to outgoing connections (from 32768 on Linux, from 49152 by
 * RFC 6335). One of the latter may become some connection's own before its server starts, or while
 * the server is down: then the server cannot start, or its client is connected with itself.
 */
const DRAWN_FROM = 10_000;
const DRAWN_BELOW = 21_000;
/** A machine with this many of them taken by chance is another machine than one thinks. */
const DRAWS_AT_MOST = 200;

/** What this process was given already: asked twice, it is to have two ports. */
const given = new Set<number>();

/**
 * @returns a port that nothing listens on now, that this process was not given before, and that no
 *   outgoing connection takes; another process may still be quicker to listen on it
 */
export async function freePort(): Promise<number> {
  for (let draw = 0; draw < DRAWS_AT_MOST; draw += 1) {
    const port = randomInt(DRAWN_FROM, DRAWN_BELOW);
    if (given.has(port) || !(await isPortFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(
    `none of ${DRAWS_AT_MOST} ports drawn between ${DRAWN_FROM} and ${DRAWN_BELOW} is free: ` +
      'see what listens there (ss -ltn), and stop it',
  );
}

/** @returns whether this port can be listened on now */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
