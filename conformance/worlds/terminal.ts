/** A world behind a TWS socket: the paper gateway, or IB Gateway and TWS with a paper account. */
import { createBroker } from '../../broker/factory.js';
import type { BrokerPort } from '../../broker/port.js';
import type { DecimalText } from '../../domain/money.js';
import type { Instrument } from '../../domain/vocabulary.js';
import type { Ability, Role, World } from '../case.js';
import { controlsOf } from './control-port.js';

export interface TerminalOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  readonly account: string;
  readonly symbol: string;
  readonly quantity: DecimalText;
  readonly referencePrice: DecimalText | null;
  readonly abilities: readonly Ability[];
  /** Of a paper gateway; null where nothing can be set. */
  readonly controlPort: number | null;
  readonly patienceMs: number;
  readonly quietMs: number;
  /** Told what the adapter warns of. */
  readonly warn?: (message: string, fields?: Record<string, unknown>) => void;
}

/** No exchange lists it. */
export const UNLISTED = 'ZZNOSUCH';

/** The world of these options. Nothing is connected yet. */
export function terminalWorld(options: TerminalOptions): World {
  const { symbol, referencePrice, controlPort } = options;
  const sessionClientId = (role: Role) => options.clientId + (role === 'first' ? 0 : 1);
  const controls =
    controlPort === null || referencePrice === null
      ? null
      : controlsOf(controlPort, symbol, referencePrice);
  return {
    ...options,
    instrument: stock(symbol),
    unlisted: stock(UNLISTED),
    run: newRun(),
    abilities: new Set(options.abilities),
    controls,
    sessionClientId,
    connect: (role) => connect(options, sessionClientId(role)),
  };
}

export function stock(symbol: string): Instrument {
  return { symbol, securityType: 'STK', exchange: 'SMART', currency: 'USD' };
}

function connect({ host, port, warn }: TerminalOptions, clientId: number): BrokerPort {
  const tell = warn ?? (() => undefined);
  return createBroker('ibkr', {
    host,
    port,
    clientId,
    // Never: the suite trades for no other reason than to look.
    allowLive: false,
    authorizedAccounts: [],
    logger: { info: () => undefined, warn: tell, error: tell },
  });
}

let runs = 0;

/** No other run of any process begins so: the time, this process, and a count. */
export function newRun(): string {
  runs += 1;
  const ofProcess = (process.pid % 1_296).toString(36);
  return `cf${Date.now().toString(36)}${ofProcess}${runs.toString(36)}`;
}
