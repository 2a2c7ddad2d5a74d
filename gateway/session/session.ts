/** One accepted client: its id, its version, what it has subscribed to, and how it is spoken to. */
import type { Listing } from '../exchange/api.js';
import type { FieldReader } from '../protocol/fields.js';
import { error } from '../protocol/system-messages.js';
import type { Connection } from './connection.js';
import type { Hub } from './hub.js';

/** One subscribed instrument; `sent` is the last text of each tick, so that only changes go out. */
export interface TickSubscription {
  reqId: number;
  listing: Listing;
  snapshot: boolean;
  delayed: boolean;
  sent: Map<number, string>;
  /** Changes wait because the client reads too slowly. */
  behind: boolean;
  /** When a snapshot without a quote gives up, epoch ms. */
  expiresMs: number;
}

export interface SummarySubscription {
  accounts: readonly string[];
  tags: ReadonlySet<string>;
  sent: Map<string, string>;
}

export interface MultiSubscription {
  accounts: readonly string[];
  model: string;
  sent: Map<string, string>;
}

export interface PnlSubscription {
  account: string;
  /** Undefined: the whole account. */
  conId: number | undefined;
  sent: string;
}

/** The current bar of a kept-up-to-date history, asked for again from time to time. */
export interface BarSubscription {
  refresh(): void;
}

export class Session {
  readonly ticks = new Map<number, TickSubscription>();
  readonly summaries = new Map<number, SummarySubscription>();
  readonly accountMultis = new Map<number, MultiSubscription>();
  readonly positionMultis = new Map<number, MultiSubscription>();
  readonly pnls = new Map<number, PnlSubscription>();
  readonly bars = new Map<number, BarSubscription>();
  /** Account of reqAccountUpdates, and the values sent. */
  accountUpdates: { account: string; sent: Map<string, string> } | undefined;
  positions = false;
  autoBind = false;
  /** Messages that wait for IBKR's servers to return. */
  readonly waiting: (readonly string[])[] = [];
  /** 1 live, 2 frozen, 3 delayed, 4 delayed and frozen: what the client asked for. */
  dataType = 1;

  constructor(
    readonly connection: Connection,
    readonly clientId: number,
    readonly version: number,
  ) {}

  send(fields: readonly string[]): void {
    this.connection.send(fields);
  }

  /** Sends an error or notice; `id` is a request's, an order's, or -1. */
  error(id: number, code: number, message: string): void {
    this.send(error(id, code, message, this.version));
  }
}

/** Carries out one kind of request. Throws FieldError for what can't be read. */
export interface RequestHandler {
  /** Position of the request's or order's id behind the message id, for 320; absent: -1. */
  idAt?: number | ((version: number) => number);
  handle(hub: Hub, session: Session, reader: FieldReader): void;
}

export type RequestHandlers = Record<number, RequestHandler>;
