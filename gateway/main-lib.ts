/** The whole paper gateway as one process: its parts wired, listening, and stopped in order. */
import type { Server } from 'node:http';
import { join } from 'node:path';
import { text } from '../domain/money.js';
import { createControl } from './control/control.js';
import { listen } from './control/http.js';
import { createExchange } from './exchange/exchange.js';
import { openTerminal } from './exchange/terminal.js';
import { FaultBook } from './faults.js';
import { GATEWAY_HELP, UsageError, readFlags } from './flags.js';
import type { GatewayFlags } from './flags.js';
import { openLedger } from './ledger/recorder.js';
import { openMarket } from './market/market.js';
import { createSessions } from './market/sessions.js';
import { createServer } from './session/server.js';
import { lockState } from './state-lock.js';

/** Clients that do not hang up must not keep the process alive. */
const STOP_TIMEOUT_MS = 5_000;

const OVER_NOTICE =
  'gateway: the replay kept in this state folder has ended, so its market is closed; play it again ' +
  'with POST /market {"at": "…"} or give another --state\n';

/** A gateway that runs. */
export interface RunningGateway {
  port: number;
  controlPort: number;
  /** Its replay had ended before it started. */
  isOver: boolean;
  /** Disconnects everyone, writes the last state, frees both ports. */
  stop(): Promise<void>;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The parts behind the ports; `stop` undoes them in reverse. */
function assemble(flags: GatewayFlags) {
  const unlock = lockState(flags.stateDir);
  const sessions = createSessions(flags.hours);
  const opened = openMarket(flags, flags.stateDir, sessions);
  const { market, listings, history } = opened;
  const faults = new FaultBook((symbol) => listings.find({ symbol }).length > 0);
  const terminal = openTerminal();
  const exchange = createExchange({
    accounts: flags.accounts,
    startingCash: flags.cash,
    base: flags.base,
    ...{ market, listings, sessions, faults, terminal },
    stateDir: join(flags.stateDir, 'exchange'),
    switches: { children: flags.children, parentCancel: flags.parentCancel },
    latencyMs: flags.latencyMs,
  });
  const ledger = openLedger(flags.stateDir, exchange, market);
  const { observer } = ledger;
  const pacing = flags.pacing ? ('on' as const) : ('off' as const);
  const parts = { exchange, market, listings, sessions, history, faults };
  const { liveData, masterClientId } = flags;
  const server = createServer({
    ...parts,
    ...{ observer, pacing, liveData },
    ...(masterClientId !== undefined && { masterClientId }),
  });
  const control = createControl({
    ...{ market, listings, faults },
    accounts: () =>
      Object.fromEntries(
        exchange.accounts.map((account) => [account, { cash: text(exchange.cash(account)) }]),
      ),
    ledgerReport: () => ledger.report(),
    signals: ledger,
    hours: sessions,
    terminal,
    health: () => ({
      status: 'ok',
      accounts: exchange.accounts,
      market: market.state(),
      memoryBytes: process.memoryUsage.rss(),
    }),
    onChange: opened.save,
  });

  async function stop(): Promise<void> {
    await Promise.all([server.close(), closeServer(control)]);
    opened.stop();
    faults.close();
    exchange.close();
    ledger.close();
    unlock();
  }

  return { server, control, isOver: opened.isOver, startMarket: opened.start, stop };
}

/**
 * Starts the gateway of these flags and waits until both ports listen.
 * @throws Error when a port is taken, the state is in use, or a recording can't be read.
 */
export async function startGateway(flags: GatewayFlags): Promise<RunningGateway> {
  const gateway = assemble(flags);
  try {
    const controlPort = await listen(gateway.control, flags.controlPort);
    gateway.startMarket();
    const port = await gateway.server.listen(flags.port, flags.host);
    return { port, controlPort, isOver: gateway.isOver, stop: gateway.stop };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

/** Resolves at the first reason to end: a signal, or (if asked) the end of standard input. */
function reasonToStop(withParent: boolean): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
    if (!withParent) return;
    process.stdin.once('end', () => resolve('the parent ended'));
    process.stdin.once('error', () => resolve('the parent ended'));
    process.stdin.resume();
  });
}

/**
 * Runs the gateway by its command line (without node and script) until it is told to stop.
 * Prints one line `ready {"port":…,"controlPort":…}` on standard output.
 * @returns the exit code: 0, 1 when it can't start, 2 for a wrong command line.
 */
export async function runGateway(argv: readonly string[]): Promise<number> {
  try {
    const flags = readFlags(argv);
    if (flags.help) {
      process.stdout.write(GATEWAY_HELP);
      return 0;
    }
    const gateway = await startGateway(flags);
    const { port, controlPort } = gateway;
    process.stdout.write(`ready ${JSON.stringify({ port, controlPort })}\n`);
    if (gateway.isOver) process.stderr.write(OVER_NOTICE);
    await reasonToStop(flags.exitWithParent);
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    await gateway.stop();
    return 0;
  } catch (error) {
    const usage = error instanceof UsageError;
    const hint = usage ? '\nSee --help.' : '';
    process.stderr.write(`gateway: ${(error as Error).message}${hint}\n`);
    return usage ? 2 : 1;
  }
}
