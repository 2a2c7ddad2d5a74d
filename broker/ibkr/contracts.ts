/** Contract details, asked once and kept for a while. */
import { EventName } from '@stoqey/ib';
import type { ContractDetails, IBApi } from '@stoqey/ib';
import { hasOpenedSince, type TradingHours } from '../../domain/hours.js';
import type { EpochMs, Instrument } from '../../domain/vocabulary.js';
import { UnknownContractError } from '../port.js';
import type { ContractInfo } from '../port.js';
import { decodeContract } from './decode.js';
import { encodeContract } from './encode.js';
import { MAX_CACHED_CONTRACTS } from './options.js';
import type { Settings } from './options.js';
import type { RequestTable } from './request-table.js';
import type { Wire } from './wire.js';

/** An ambiguous symbol may list hundreds of contracts; one more than one is enough to refuse it. */
const MAX_MATCHES_KEPT = 2;

interface Cached {
  readonly info: Promise<ContractInfo>;
  readonly askedAtMs: number;
  /** The same by the wall clock, which hours are told in. */
  readonly askedAtWallMs: EpochMs;
  /** As it told them; null while it hasn't. */
  hours: TradingHours | null;
}

export class Contracts {
  private readonly cache = new Map<string, Cached>();
  private readonly matches = new Map<number, ContractDetails[]>();
  private readonly finishers = new Map<number, () => void>();

  constructor(
    private readonly settings: Settings,
    private readonly wire: Wire,
    private readonly requests: RequestTable,
  ) {}

  attach(api: IBApi): void {
    api.on(EventName.contractDetails, (id: number, details: ContractDetails) => {
      const matches = this.matches.get(id);
      if (matches && matches.length < MAX_MATCHES_KEPT) matches.push(details);
    });
    api.on(EventName.contractDetailsEnd, (id: number) => this.finishers.get(id)?.());
  }

  /**
   * The contract that the broker knows under this name.
   * @throws UnknownContractError when there is none or more than one; NoAnswerError.
   */
  resolve(instrument: Instrument): Promise<ContractInfo> {
    const key = instrumentKey(instrument);
    const now = this.settings.monotonicMs();
    const cached = this.cache.get(key);
    if (cached && this.isCurrent(cached)) return cached.info;
    const info = this.ask(instrument);
    const asked: Cached = {
      info,
      askedAtMs: now,
      askedAtWallMs: this.settings.nowMs(),
      hours: null,
    };
    this.cache.delete(key);
    this.cache.set(key, asked);
    const oldest = this.cache.keys().next().value;
    if (this.cache.size > MAX_CACHED_CONTRACTS && oldest !== undefined) this.cache.delete(oldest);
    info.then(
      ({ hours }) => (asked.hours = hours),
      () => {
        if (this.cache.get(key) === asked) this.cache.delete(key);
      },
    );
    return info;
  }

  /** At an open the hours are asked for anew: a closure may have come that nobody foresaw. */
  private isCurrent({ askedAtMs, askedAtWallMs, hours }: Cached): boolean {
    const { monotonicMs, nowMs, limits } = this.settings;
    if (monotonicMs() - askedAtMs >= limits.contractCacheMs) return false;
    return hours === null || !hasOpenedSince(hours, askedAtWallMs, nowMs());
  }

  private async ask(instrument: Instrument): Promise<ContractInfo> {
    const contract = encodeContract(instrument);
    const found = await this.requests.run<ContractDetails[]>(
      `contract details of ${instrument.symbol}`,
      this.settings.limits.requestTimeoutMs,
      ({ id, finish, fail, isOpen }) => {
        const matches: ContractDetails[] = [];
        this.matches.set(id, matches);
        this.finishers.set(id, () => finish(matches));
        this.wire
          .ask((api) => api.reqContractDetails(id, contract), { isWanted: isOpen })
          .catch(fail);
        return () => {
          this.matches.delete(id);
          this.finishers.delete(id);
        };
      },
    );
    const [first] = found;
    if (!first || found.length > 1) {
      const told = first ? 'more than one contract' : 'no contract';
      throw new UnknownContractError(`${told} for ${instrumentKey(instrument)}`);
    }
    const info = decodeContract(instrument, first);
    if (info.hoursProblem !== null) {
      const { symbol } = instrument;
      const { hoursProblem } = info;
      this.settings.logger.error('the trading hours of a contract are not known', {
        symbol,
        hoursProblem,
      });
    }
    return info;
  }
}

/** One text per instrument, for caches. */
export function instrumentKey(instrument: Instrument): string {
  const { symbol, securityType, exchange, currency, brokerContractId } = instrument;
  return [symbol, securityType, exchange, currency, brokerContractId ?? ''].join(' ');
}
