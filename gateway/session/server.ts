/** The paper gateway's TWS port: accepts clients and keeps them fed until it is closed. */
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { SERVER_VERSION_MAX, SERVER_VERSION_MIN } from '../protocol/versions.js';
import { AccountFeed } from './account-feed.js';
import { Client } from './client.js';
import { Delivery } from './delivery.js';
import { Hub } from './hub.js';
import type { ServerOptions } from './hub.js';
import { TickFeed } from './ticks.js';
import { WireFaults } from './wire-faults.js';

export type { ServerOptions } from './hub.js';

/** TWS takes 32 clients; the rest is for connections that are still shaking hands. */
const CONNECTIONS_MAX = 128;
/** Bars of kept-up-to-date requests. */
const BAR_REFRESH_MS = 5000;
/** After a restart the old port may be taken for a moment. */
const LISTEN_RETRY_MS = 200;

export interface GatewayServer {
  /** Listens; gives the port (useful with port 0). */
  listen(port: number, host?: string): Promise<number>;
  /** Drops all clients and stops. */
  close(): Promise<void>;
}

class TwsServer implements GatewayServer {
  private readonly hub: Hub;
  private readonly accounts: AccountFeed;
  private readonly ticks: TickFeed;
  private readonly delivery: Delivery;
  private readonly faults: WireFaults;
  private readonly clients = new Set<Client>();
  private readonly versionMax: number;
  private tcp: TcpServer | undefined;
  private address: { port: number; host: string } | undefined;
  private barTimer: NodeJS.Timeout | undefined;
  private closing = false;
  private stalled = false;

  constructor(options: ServerOptions) {
    this.versionMax = options.serverVersion ?? SERVER_VERSION_MAX;
    if (this.versionMax < SERVER_VERSION_MIN || this.versionMax > SERVER_VERSION_MAX) {
      throw new RangeError(
        `server version ${this.versionMax} must be from ${SERVER_VERSION_MIN} to ${SERVER_VERSION_MAX}`,
      );
    }
    this.hub = new Hub(options);
    this.accounts = new AccountFeed(this.hub);
    this.ticks = new TickFeed(this.hub);
    this.delivery = new Delivery(this.hub, this.accounts);
    this.faults = new WireFaults(this.hub, {
      delivery: this.delivery,
      ticks: this.ticks,
      holdAll: () => this.holdAll(),
      releaseAll: () => this.releaseAll(),
      dropAll: (reason) => this.dropAll(reason),
      cut: (clientId) => this.cut(clientId),
      shutPort: () => this.shutPort(),
      openPort: () => this.openPort(),
    });
  }

  async listen(port: number, host = '127.0.0.1'): Promise<number> {
    this.address = { port, host };
    await this.bind();
    this.accounts.start();
    this.ticks.start();
    this.delivery.start();
    this.faults.start();
    this.barTimer = setInterval(() => this.refreshBars(), BAR_REFRESH_MS).unref();
    return this.address.port;
  }

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.barTimer);
    this.faults.stop();
    this.delivery.stop();
    this.ticks.stop();
    this.accounts.stop();
    this.dropAll('the gateway stops');
    await this.shutPort();
  }

  private bind(): Promise<void> {
    const address = this.address;
    if (!address) throw new Error('listen has not been called');
    const tcp = createTcpServer((socket) => this.accept(socket));
    this.tcp = tcp;
    return new Promise((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(address.port, address.host, () => {
        tcp.off('error', reject);
        tcp.on('error', (error) => this.hub.report(error, 'TWS port'));
        // The same port again after a restart, also when the first was any free one.
        this.address = { ...address, port: (tcp.address() as AddressInfo).port };
        resolve();
      });
    });
  }

  private accept(socket: Socket): void {
    if (this.clients.size >= CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    const client = new Client(this.hub, socket, this.versionMax, (gone) => {
      this.clients.delete(gone);
    });
    if (client.connection.closed) return;
    this.clients.add(client);
    if (this.stalled) client.connection.hold();
  }

  private refreshBars(): void {
    for (const session of this.hub.all()) {
      for (const { refresh } of session.bars.values()) refresh();
    }
  }

  private holdAll(): void {
    this.stalled = true;
    for (const { connection } of this.clients) connection.hold();
  }

  private releaseAll(): void {
    this.stalled = false;
    for (const { connection } of [...this.clients]) connection.release();
  }

  private cut(clientId: number | undefined): void {
    for (const client of [...this.clients]) {
      const isMeant = clientId === undefined || client.clientId === clientId;
      if (isMeant) client.connection.close('cut by the fault connection-cut');
    }
  }

  private dropAll(reason: string): void {
    for (const { connection } of [...this.clients]) connection.close(reason);
  }

  private shutPort(): Promise<void> {
    const tcp = this.tcp;
    this.tcp = undefined;
    if (!tcp) return Promise.resolve();
    return new Promise((resolve) => tcp.close(() => resolve()));
  }

  private async openPort(): Promise<void> {
    while (!this.closing && !this.tcp) {
      try {
        await this.bind();
      } catch (error) {
        this.tcp = undefined;
        this.hub.report(error, 'TWS port after a restart');
        await new Promise((resolve) => setTimeout(resolve, LISTEN_RETRY_MS));
      }
    }
  }
}

/** A TWS port over the given parts; nothing is open until `listen`. */
export function createServer(options: ServerOptions): GatewayServer {
  return new TwsServer(options);
}
