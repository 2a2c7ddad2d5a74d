/**
 * A TCP server that speaks just enough of the TWS protocol for one sequence at a time: tests say what
 * it answers, byte for byte where they need to. Whole trades are tested against the paper gateway.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedMessage {
  /** Fields without the length prefix; the first is the message id. */
  readonly fields: readonly string[];
  readonly atMs: number;
  readonly session: number;
}

export interface ScriptedOptions {
  readonly port?: number;
  readonly accounts?: string;
  readonly nextValidId?: number;
  /** Takes a message; true when it was answered here, else the default answers. */
  readonly answer?: (fields: readonly string[], session: ScriptedSession) => boolean;
}

export interface ScriptedSession {
  readonly number: number;
  send(...fields: (string | number)[]): void;
  sendBytes(bytes: Buffer): void;
  hangUp(): void;
}

export interface ScriptedGateway {
  readonly port: number;
  readonly received: ReceivedMessage[];
  readonly sessions: readonly ScriptedSession[];
  /** The messages of one id, such as `'3'` for placeOrder. */
  ofKind(id: string): ReceivedMessage[];
  close(): Promise<void>;
}

const SERVER_VERSION = 193;
const START_API = '71';
const CURRENT_TIME = '49';
const ALL_OPEN_ORDERS = '16';
const COMPLETED_ORDERS = '99';
const EXECUTIONS = '7';
const POSITIONS = '61';

/** Starts it on a free port of the loopback interface, or on the one given. */
export async function startScriptedGateway(
  options: ScriptedOptions = {},
): Promise<ScriptedGateway> {
  const received: ReceivedMessage[] = [];
  const sessions: ScriptedSession[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const session = scriptedSession(socket, sessions.length + 1);
    sessions.push(session);
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    readFrames(socket, {
      onVersion: () => session.send(SERVER_VERSION, '20260406 09:30:00 US/Eastern'),
      onFields: (fields) => {
        received.push({ fields, atMs: performance.now(), session: session.number });
        if (options.answer?.(fields, session)) return;
        answerByDefault(fields, session, options);
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    sessions,
    ofKind: (id) => received.filter((message) => message.fields[0] === id),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function answerByDefault(
  [id]: readonly string[],
  session: ScriptedSession,
  options: ScriptedOptions,
): void {
  if (id === START_API) {
    session.send(15, 1, options.accounts ?? 'DU1234567');
    session.send(9, 1, options.nextValidId ?? 1);
  }
  if (id === CURRENT_TIME) session.send(49, 1, Math.floor(Date.now() / 1_000));
}

/** Answers the question for a list with its end alone; true when it was one. */
export function endList(
  [id, , requestId = '']: readonly string[],
  session: ScriptedSession,
): boolean {
  const ends: Record<string, (string | number)[]> = {
    [ALL_OPEN_ORDERS]: [53, 1],
    [COMPLETED_ORDERS]: [102],
    [EXECUTIONS]: [55, 1, requestId],
    [POSITIONS]: [62, 1],
  };
  const end = ends[id ?? ''];
  if (end) session.send(...end);
  return end !== undefined;
}

function scriptedSession(socket: Socket, number: number): ScriptedSession {
  return {
    number,
    send: (...fields) => socket.write(frame(fields)),
    sendBytes: (bytes) => socket.write(bytes),
    hangUp: () => socket.destroy(),
  };
}

/** One message on the wire: length, then NUL-terminated fields. */
export function frame(fields: readonly (string | number)[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''), 'utf8');
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function readFrames(
  socket: Socket,
  handlers: { onVersion: () => void; onFields: (fields: string[]) => void },
): void {
  let buffer = Buffer.alloc(0);
  let greeted = false;
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    if (!greeted && buffer.subarray(0, 4).toString() === 'API\0') buffer = buffer.subarray(4);
    for (;;) {
      if (buffer.length < 4) return;
      const length = buffer.readInt32BE();
      if (buffer.length < 4 + length) return;
      const text = buffer.subarray(4, 4 + length).toString('utf8');
      buffer = buffer.subarray(4 + length);
      if (greeted) handlers.onFields(text.split('\0').slice(0, -1));
      else handlers.onVersion();
      greeted = true;
    }
  });
}
