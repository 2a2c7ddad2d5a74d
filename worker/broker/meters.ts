/** What a broker worker counts of itself (OPS-4): in memory, read by whoever scrapes, and by nothing that trades. */
import type { SendMeter } from '../../activities/deps.js';
import type { PacingNumbers } from '../../broker/port.js';
import type { BrokerFact } from '../../domain/broker/fact.js';
import type { ProcessRegistry } from '../../telemetry/registry.js';

const SECOND_MS = 1_000;

/** The link as it is at this moment. */
export interface LinkGauges {
  readonly isReady: boolean;
  readonly maySend: boolean;
  readonly generation: number;
  /** Null: the broker's adapter has no numbers. */
  readonly pacing: PacingNumbers | null;
  readonly heldCallbacks: number;
  readonly stuckTrades: number;
}

export interface Meters {
  /** From now on gauges show this link; before, nothing is connected. */
  watch(link: () => LinkGauges): void;
  /** Callbacks were committed just now. */
  committed(facts: readonly BrokerFact[]): void;
  /** A trade's workflow was told what was committed so long ago. */
  told(lagMs: number): void;
  readonly sent: SendMeter;
}

/** Makes them, in a registry of the broker worker. */
export function createMeters(registry: ProcessRegistry): Meters {
  let link: () => LinkGauges | null = () => null;
  addGauges(registry, () => link());
  const committed = registry.histogram('ballast_event_committed_seconds');
  const told = registry.histogram('ballast_event_told_seconds');
  const sends = registry.counter('ballast_broker_sends_total');
  const taken = registry.histogram('ballast_broker_send_seconds');
  return {
    watch: (now) => (link = now),
    committed: harmless((facts: readonly BrokerFact[]) => {
      const nowMs = Date.now();
      for (const { receivedAtMs } of facts) {
        committed.observe(Math.max(0, nowMs - receivedAtMs) / SECOND_MS);
      }
    }),
    told: harmless((lagMs: number) => told.observe(lagMs / SECOND_MS)),
    sent: harmless((priority: string, outcome: string, tookMs: number) => {
      sends.inc({ priority, outcome });
      taken.observe({ priority }, tookMs / SECOND_MS);
    }),
  };
}

/** A number that can't be counted is missed: what it was counted for has happened all the same. */
function harmless<Values extends unknown[]>(
  count: (...values: Values) => void,
): (...values: Values) => void {
  return (...values) => {
    try {
      count(...values);
    } catch {
      // Such as one that is none: the registry refuses it.
    }
  };
}

/** What counts nothing: for a link whose process exposes no metrics. */
export const NO_METERS: Meters = {
  watch: () => undefined,
  committed: () => undefined,
  told: () => undefined,
  sent: () => undefined,
};

function addGauges(registry: ProcessRegistry, link: () => LinkGauges | null): void {
  const one = (value: (now: LinkGauges) => number | boolean) => () => {
    const now = link();
    return [[{}, now === null ? 0 : Number(value(now))]] as const;
  };
  registry.gauge(
    'ballast_broker_connected',
    one(({ isReady }) => isReady),
  );
  registry.gauge(
    'ballast_broker_lease_held',
    one(({ maySend }) => maySend),
  );
  registry.gauge(
    'ballast_broker_generation',
    one(({ generation }) => generation),
  );
  registry.gauge(
    'ballast_inbox_held',
    one(({ heldCallbacks }) => heldCallbacks),
  );
  registry.gauge(
    'ballast_inbox_stuck',
    one(({ stuckTrades }) => stuckTrades),
  );
  const pacing = () => link()?.pacing ?? null;
  registry.gauge('ballast_pacing_used', () => [[{}, pacing()?.used ?? 0]]);
  registry.gauge('ballast_pacing_limit', () => [[{}, pacing()?.limit ?? 0]]);
  registry.gauge('ballast_pacing_waiting', () =>
    Object.entries(pacing()?.waiting ?? {}).map(([priority, count]) => [{ priority }, count]),
  );
}
