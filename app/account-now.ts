/** Accounts as they stand now: values, the day, what is taken of the limits, and whether they may be traded on. */
import type { LimitShown } from '../config/index.js';
import { accountFrom } from '../contract/connection.js';
import type { DayView, ExposureView, StandingView } from '../contract/views.js';
import { decimal, text, type DecimalText } from '../domain/money.js';
import type { InstallationState } from '../domain/risk/context.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import type { Used } from '../domain/risk/used.js';
import { listUsed, standings } from '../store/reads.js';
import type { App } from './app.js';
import { accountDays } from './cash.js';
import { listAccounts } from './reads.js';

/** What the process's own settings say of it. */
export interface OwnSettings {
  readonly limits: Partial<RiskLimits>;
  readonly switches: Omit<InstallationState, 'mode'>;
}

/** All of the user's accounts, each with whether anything may be opened on it. */
export async function accountsNow(
  app: App,
  { switches }: Pick<OwnSettings, 'switches'>,
): Promise<StandingView[]> {
  const codes = await standings(app.db, app.userId, switches);
  return (await listAccounts(app)).map((account) => {
    const deniedBy = codes.get(account.account_id) ?? [];
    return { ...account, is_tradeable: deniedBy.length === 0, denied_by: deniedBy };
  });
}

/** What is taken of each limit, account by account. */
export async function exposures(
  { db, userId }: App,
  { limits }: Pick<OwnSettings, 'limits'>,
): Promise<ExposureView[]> {
  const accounts = await listUsed(db, userId, limits, Date.now());
  return accounts.flatMap(({ account, currency, used }) =>
    used.map((one) => exposureView(one, account, currency)),
  );
}

/** The limits as they are set, each with what is taken of it. */
export async function limitsNow(
  app: App,
  own: Pick<OwnSettings, 'limits'>,
  shown: readonly LimitShown[],
): Promise<(LimitShown & { readonly exposures: readonly ExposureView[] })[]> {
  const taken = await exposures(app, own);
  return shown.map((one) => ({
    ...one,
    exposures: taken.filter(({ limit }) => limit === one.name),
  }));
}

/** Decimals of a share: a hundredth of a percent. */
const SHARE_DECIMALS = 4;
const COUNTS: ReadonlySet<string> = new Set<Used['limit']>([
  'MAX_OPEN_POSITIONS',
  'MAX_TRADES_PER_DAY',
  'MAX_ORDERS_PER_MINUTE',
]);

function exposureView(used: Used, account: string, currency: string): ExposureView {
  return {
    ...{ limit: used.limit, account_id: account, of: used.of },
    ...{ used: used.used, allowed: used.allowed, share: shareOf(used) },
    currency: COUNTS.has(used.limit) ? null : currency,
  };
}

function shareOf({ used, allowed }: Used): DecimalText | null {
  if (allowed === null || !decimal(allowed).gt(0)) return null;
  return text(decimal(used).div(decimal(allowed)).toDecimalPlaces(SHARE_DECIMALS));
}

/** One account whole. */
export interface AccountNow {
  readonly account: StandingView;
  readonly day: DayView | null;
  readonly exposures: readonly ExposureView[];
}

/** Several accounts, and none was named. */
export class AccountNotNamedError extends Error {
  override readonly name = 'AccountNotNamedError';
  constructor(readonly accounts: readonly string[]) {
    super(`there are several accounts: name one of ${accounts.join(', ')}`);
  }
}

/**
 * One account: the one that is named, else the one that signals without an account trade on, or the only one.
 * @returns null when there is none
 * @throws AccountNotNamedError
 */
export async function accountNow(
  app: App,
  name: string | null,
  own: OwnSettings,
): Promise<AccountNow | null> {
  const all = await accountsNow(app, own);
  const wanted = name ?? accountFrom(app.config) ?? null;
  const named = all.find(({ account_id: id }) => id === wanted);
  if (name === null && named === undefined && all.length > 1) {
    throw new AccountNotNamedError(all.map(({ account_id: id }) => id));
  }
  const account = named ?? (name === null ? all[0] : undefined);
  if (account === undefined) return null;
  const isIts = ({ account_id: id }: { readonly account_id: string }) => id === account.account_id;
  const day = (await accountDays(app)).find(isIts) ?? null;
  return { account, day, exposures: (await exposures(app, own)).filter(isIts) };
}
