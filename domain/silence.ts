/**
 * Who has given no sign of life for too long (OPS-8), from one look after the other. Pure: the watchdog's clock and
 * what the database says of the others come in, what is to be told comes out.
 */
import type { EpochMs } from './vocabulary.js';

/** Who signs in the database. */
export const SIGNERS = ['broker worker', 'notifier'] as const;
export type Signer = (typeof SIGNERS)[number];
export type Watched = 'database' | Signer;

/** How long ago each signed; null for one that never has. */
export type Ages = Readonly<Record<Signer, number | null>>;

/** What one look found; `ages` is null when the database did not answer. */
export interface Look {
  readonly atMs: EpochMs;
  readonly ages: Ages | null;
}

export interface Watch {
  readonly lookedAtMs: EpochMs;
  /** The last sign of each that is known of. */
  readonly signs: Readonly<Record<Watched, EpochMs>>;
  /** The last look that the database answered. */
  readonly seenAtMs: EpochMs;
  /** Of the time since its last sign, how long nobody could see one: nobody signs while the database is away. */
  readonly unseenMs: Readonly<Record<Signer, number>>;
  /** Of whose silence people were told. */
  readonly told: ReadonlySet<Watched>;
}

export interface News {
  readonly who: Watched;
  readonly kind: 'silent' | 'heard_again';
  /** The last sign before the silence. */
  readonly sinceMs: EpochMs;
}

/** A watch that begins: who is silent already is given as long as anybody. */
export function beginWatch(atMs: EpochMs): Watch {
  const signs = { database: atMs, 'broker worker': atMs, notifier: atMs };
  const unseenMs = { 'broker worker': 0, notifier: 0 };
  return { lookedAtMs: atMs, signs, seenAtMs: atMs, unseenMs, told: new Set() };
}

/**
 * Takes one look in.
 * @param silentMs who gives no sign for longer is told of, once, and once when it is heard again
 * @param gapMaxMs looks that are farther apart mean that the watchdog itself stood still: nobody is to blame
 */
export function lookAgain(
  before: Watch,
  { atMs, ages }: Look,
  { silentMs, gapMaxMs }: { readonly silentMs: number; readonly gapMaxMs: number },
): { readonly watch: Watch; readonly news: readonly News[] } {
  const stoodStill = atMs - before.lookedAtMs > gapMaxMs;
  const wasAway = before.seenAtMs < before.lookedAtMs;
  const signs = {
    database:
      ages !== null || (stoodStill && !before.told.has('database')) ? atMs : before.signs.database,
    ...signsOf(before, atMs, ages),
  };
  const unseenMs =
    ages === null
      ? before.unseenMs
      : unseenSince(before, signs, wasAway || stoodStill ? atMs : null);
  const told = new Set(before.told);
  const news: News[] = [];
  for (const who of ['database', ...SIGNERS] as const) {
    if (who !== 'database' && ages === null) continue;
    const unseen = who === 'database' ? 0 : unseenMs[who];
    const isSilent = atMs - signs[who] - unseen >= silentMs;
    if (isSilent && !told.has(who)) {
      told.add(who);
      news.push({ who, kind: 'silent', sinceMs: signs[who] });
    } else if (told.has(who) && atMs - signs[who] < silentMs) {
      told.delete(who);
      news.push({ who, kind: 'heard_again', sinceMs: before.signs[who] });
    }
  }
  const seenAtMs = ages === null ? before.seenAtMs : atMs;
  return { watch: { lookedAtMs: atMs, signs, seenAtMs, unseenMs, told }, news };
}

/** `seesAgainMs`: the look that ends a time in which nobody could see; null when none did. */
function unseenSince(
  before: Watch,
  signs: Readonly<Record<Signer, EpochMs>>,
  seesAgainMs: EpochMs | null,
): Record<Signer, number> {
  const unseen = (who: Signer): number => {
    const earlier = signs[who] > before.signs[who] ? 0 : before.unseenMs[who];
    const now = seesAgainMs === null ? 0 : seesAgainMs - Math.max(before.seenAtMs, signs[who]);
    return earlier + Math.max(0, now);
  };
  return { 'broker worker': unseen('broker worker'), notifier: unseen('notifier') };
}

/** Signs as the watchdog's clock has them; a sign is never older than one known before. */
function signsOf(before: Watch, atMs: EpochMs, ages: Ages | null): Record<Signer, EpochMs> {
  const signOf = (who: Signer) => {
    const age = ages?.[who] ?? null;
    return age === null ? before.signs[who] : Math.max(before.signs[who], atMs - age);
  };
  return { 'broker worker': signOf('broker worker'), notifier: signOf('notifier') };
}
