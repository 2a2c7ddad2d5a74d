/** What answers at an address, below the protocol that is spoken there: the driver says no more than that nobody did. */
import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

/** As long as a server far away may take for both of its handshakes. */
const ANSWER_TIMEOUT_MS = 3_000;

export interface ProbeSettings {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly serverName?: string | undefined;
  /** PEM file of the authority. */
  readonly caPath?: string | undefined;
}

/** `unclear`: nothing is wrong below the protocol. */
export type Probed = 'away' | 'no-tls' | 'untrusted' | 'needs-tls' | 'unclear';

const NO_TLS = ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];

/** Asks once. */
export async function probeTls(settings: ProbeSettings): Promise<Probed> {
  if ((await opened(settings, null)) !== null) return 'away';
  const { isTls, serverName, caPath } = settings;
  if (!isTls) {
    const why = await opened(settings, { rejectUnauthorized: false });
    return why === null ? 'needs-tls' : 'unclear';
  }
  const why = await opened(settings, {
    ...(serverName !== undefined && { servername: serverName }),
    ...(caPath !== undefined && { ca: readFileSync(caPath) }),
  });
  if (why === null) return 'unclear';
  // A server that does not speak TLS hangs up on its first bytes, or answers something else.
  const speaks = (await opened(settings, { rejectUnauthorized: false })) === null;
  if (!speaks || NO_TLS.includes(why)) return 'no-tls';
  return 'untrusted';
}

/** @returns null once it is open, else the code of what kept it from it */
function opened(
  { host, port }: ProbeSettings,
  tls: ConnectionOptions | null,
): Promise<string | null> {
  return new Promise((resolve) => {
    const socket =
      tls === null
        ? connectPlain({ host, port })
        : connectTls({ host, port, ALPNProtocols: ['h2'], ...tls });
    const end = (why: string | null) => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => end('ETIMEDOUT'));
    socket.once(tls === null ? 'connect' : 'secureConnect', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once('close', () => end('ECONNRESET'));
  });
}
