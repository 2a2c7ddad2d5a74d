/** The paper gateway's control port, as the judge uses it. Amounts are decimal text, instants epoch ms. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface LedgerOrder {
  readonly clientId: number;
  readonly orderId: number;
  readonly orderRef: string;
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly orderType: string;
  readonly status: string;
  readonly role: 'entry' | 'exit' | 'external';
  readonly signal: string | null;
  readonly filled: string;
  readonly remaining: string;
  readonly armed: boolean;
  readonly firstAtMs: number;
  readonly acceptedAtMs?: number | null;
  readonly stopPrice?: string | null;
  readonly history?: readonly { readonly atMs: number; readonly status: string }[];
}

export interface LedgerExecution {
  readonly execId: string;
  readonly orderRef: string;
  readonly symbol: string;
  readonly side: string;
  readonly shares: string;
  readonly price: string;
  readonly commission: string | null;
  readonly atMs: number;
}

export interface LedgerBreach {
  readonly kind: 'unprotected' | 'excess';
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly maxShares: string;
  readonly shareSeconds: string;
}

export interface LedgerFinding {
  readonly kind: string;
  readonly atMs: number;
  readonly symbol: string;
  readonly repeats?: readonly string[];
}

/** A placeOrder or cancelOrder as it was received. */
export interface LedgerMessage {
  readonly atMs: number;
  readonly kind: 'place' | 'cancel';
  readonly clientId: number;
  readonly orderId: number;
  readonly orderRef: string;
  /** What became of it: a status, `staged`, `error <code>`, `dropped` … */
  readonly outcome: string;
}

export interface Ledger {
  readonly atMs: number;
  readonly verdicts: Readonly<Record<string, number | string>>;
  readonly findings: readonly LedgerFinding[];
  readonly breaches: readonly LedgerBreach[];
  readonly contracts: readonly { readonly symbol: string; readonly position: string }[];
  readonly orders: readonly LedgerOrder[];
  readonly executions: readonly LedgerExecution[];
  /** Orders that wait for their family. */
  readonly stagedOrders: readonly { readonly orderRef: string; readonly symbol: string }[];
  readonly messages: { readonly connects: number; readonly orders: readonly LedgerMessage[] };
}

/**
 * A signal as the referee is told of it: before it is submitted, by what it looks like; once its trade has
 * an id, by the references that its orders may have.
 */
export interface ListedSignal {
  readonly signal: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity?: string;
  readonly orderRefPrefix?: string;
  readonly orderRefs?: readonly string[];
}

export interface FaultRow {
  readonly name: string;
  readonly hits: number;
}

/** A gateway that is frozen or starting answers late; nothing of this is judged by its speed. */
const ANSWER_LIMIT_MS = 20_000;
const AGAIN_AFTER_MS = 250;
const TRIES = 40;

export class GatewayControl {
  constructor(private readonly port: number) {}

  ledger(): Promise<Ledger> {
    return this.call<Ledger>('/ledger');
  }

  async prices(): Promise<Record<string, { readonly bid: string; readonly ask: string }>> {
    return this.call('/prices');
  }

  async setPrices(prices: Record<string, unknown>): Promise<void> {
    await this.call('/prices', prices);
  }

  async listSignals(signals: readonly ListedSignal[]): Promise<void> {
    await this.call('/signals', signals);
  }

  /** Arms a fault; count 0 disarms it. */
  async arm(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call('/faults', fault);
  }

  async faultHits(): Promise<Map<string, number>> {
    const rows = await this.call<FaultRow[]>('/faults');
    return new Map(rows.map(({ name, hits }) => [name, hits]));
  }

  async market(change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call('/market', change);
  }

  /** A gateway that is down is asked again for a while; an answer that says no is final. */
  private async call<T>(path: string, body?: unknown): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      let response: Response;
      try {
        response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        });
      } catch (error) {
        if (attempt >= TRIES)
          throw new Error(`the gateway's ${path} can't be reached`, { cause: error });
        await sleep(AGAIN_AFTER_MS);
        continue;
      }
      const text = await response.text();
      if (!response.ok)
        throw new Error(`the gateway's ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    }
  }
}
