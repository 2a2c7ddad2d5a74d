/** One client from its greeting to its end: version, startApi, then its messages at their pace. */
import { performance } from 'node:perf_hooks';
import type { Socket } from 'node:net';
import { managedAccounts } from '../protocol/account-messages.js';
import { FieldError, FieldReader } from '../protocol/fields.js';
import { decodeBody } from '../protocol/frames.js';
import { REQUEST } from '../protocol/message-ids.js';
import { NO_ID, error, nextValidId } from '../protocol/system-messages.js';
import { zonedText } from '../protocol/time-texts.js';
import { negotiateVersion, readVersionOffer } from '../protocol/versions.js';
import { Connection } from './connection.js';
import { dispatch } from './dispatch.js';
import type { Hub } from './hub.js';
import { BREACHES_MAX, MESSAGES_PER_SECOND_MAX, Pacer } from './pacing.js';
import { Session } from './session.js';

const PACE_OPTION = '+PACEAPI';
const CLIENT_ID_MAX = 2_147_483_647;

/** What clients are told right after they are ready. */
const FARM_NOTICES: readonly (readonly [number, string])[] = [
  [2104, 'Market data farm connection is OK:usfarm'],
  [2106, 'HMDS data farm connection is OK:ushmds'],
  [2158, 'Sec-def data farm connection is OK:secdefil'],
];

/** What they are told instead while IBKR's servers are out of reach. */
const SERVERS_LOST =
  'Connectivity between Trader Workstation and server is broken. It will be restored automatically.';

/** The client id of a startApi, or what of it can't be read. */
function readStartApi(fields: readonly string[]): number | FieldError {
  const reader = new FieldReader(fields);
  try {
    if (reader.int('message id') !== REQUEST.START_API) {
      return new FieldError('message id', fields[0]);
    }
    reader.skip(1); // version of the message
    const clientId = reader.int('clientId');
    const known = clientId >= 0 && clientId <= CLIENT_ID_MAX;
    return known ? clientId : new FieldError('clientId', fields[2]);
  } catch (cause) {
    if (cause instanceof FieldError) return cause;
    throw cause;
  }
}

export class Client {
  readonly connection: Connection;
  private version: number | undefined;
  private session: Session | undefined;
  private pacer: Pacer | undefined;
  private readonly deadline: NodeJS.Timeout;
  private paceTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: Hub,
    socket: Socket,
    private readonly versionMax: number,
    private readonly onGone: (client: Client) => void,
  ) {
    const events = {
      onFrame: (body: Buffer) => this.receive(body),
      onClosed: (reason: string) => this.gone(reason),
    };
    this.connection = new Connection(socket, events, hub.limits);
    this.deadline = setTimeout(
      () => this.connection.close('no startApi in time'),
      hub.handshakeMs,
    ).unref();
  }

  /** Undefined until its startApi was accepted. */
  get clientId(): number | undefined {
    return this.session?.clientId;
  }

  private receive(body: Buffer): void {
    if (this.version === undefined) this.greet(body);
    else if (!this.session) this.startApi(body);
    else this.message(this.session, body);
  }

  private greet(body: Buffer): void {
    const offer = readVersionOffer(decodeBody(body).join('\0'));
    const version = offer && negotiateVersion(offer, this.versionMax);
    if (version === undefined) {
      this.connection.close('no common version');
      return;
    }
    this.version = version;
    if (this.hub.paced) this.pacer = new Pacer(offer?.options.includes(PACE_OPTION) ?? false);
    this.connection.send([String(version), zonedText(this.hub.nowMs())]);
  }

  private startApi(body: Buffer): void {
    const version = this.version ?? this.versionMax;
    const clientId = readStartApi(decodeBody(body));
    if (clientId instanceof FieldError) {
      const message = `Error reading request. ${clientId.message}`;
      this.connection.send(error(NO_ID, 320, message, version));
      this.connection.end('the first message is not a readable startApi');
      return;
    }
    const fault = this.hub.faults.take('client-id-in-use', { clientId });
    if (fault || this.hub.session(clientId)) {
      const message =
        'Unable to connect as the client id is already in use. ' + 'Retry with a unique client id.';
      this.connection.send(error(NO_ID, 326, message, version));
      this.connection.end('client id in use');
      return;
    }
    clearTimeout(this.deadline);
    const session = new Session(this.connection, clientId, version);
    this.session = session;
    this.hub.add(session);
    this.hub.observer.onConnected?.(clientId, this.hub.nowMs());
    session.send(managedAccounts(this.hub.exchange.accounts));
    session.send(nextValidId(this.hub.exchange.nextValidId(clientId)));
    if (this.hub.outage.lasts) session.error(NO_ID, 2110, SERVERS_LOST);
    else for (const [code, text] of FARM_NOTICES) session.error(NO_ID, code, text);
  }

  /** False while the message is held back, and with it everything after it. */
  private message(session: Session, body: Buffer): boolean {
    const verdict = this.pacer?.judge(performance.now());
    if (verdict?.kind === 'wait') {
      this.connection.pause();
      this.paceTimer = setTimeout(() => {
        if (this.connection.closed) return;
        // A timer may fire early: held again, it may not be overtaken.
        if (this.message(session, body)) this.connection.resume();
      }, Math.ceil(verdict.waitMs)).unref();
      return false;
    }
    const fields = decodeBody(body);
    const { observer } = this.hub;
    observer.onMessageReceived?.(
      session.clientId,
      Number(fields[0]),
      body.length,
      this.hub.nowMs(),
    );
    if (verdict?.kind === 'breach' && this.breach(session, verdict.breaches)) return true;
    dispatch(this.hub, session, fields);
    return true;
  }

  /** True when this breach ended the session. */
  private breach(session: Session, breaches: number): boolean {
    this.hub.observer.onPacingViolation?.(session.clientId, breaches, this.hub.nowMs());
    const rate = `max=${MESSAGES_PER_SECOND_MAX} rec=${MESSAGES_PER_SECOND_MAX + 1} (${breaches})`;
    const message = `Max rate of messages per second has been exceeded:${rate}`;
    session.error(NO_ID, 100, message);
    if (breaches < BREACHES_MAX) return false;
    this.connection.end('third breach of the message pacing');
    return true;
  }

  private gone(reason: string): void {
    clearTimeout(this.deadline);
    clearTimeout(this.paceTimer);
    const session = this.session;
    if (session && this.hub.remove(session)) {
      this.hub.observer.onDisconnected?.(session.clientId, reason, this.hub.nowMs());
    }
    this.onGone(this);
  }
}
