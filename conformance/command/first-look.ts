/** The first look at an account, before any order: is it a paper account, is its market open, at what price? */
import { isOpen, sessionClose } from '../../domain/hours.js';
import type { TradingHours } from '../../domain/hours.js';
import type { DecimalText } from '../../domain/money.js';
import { Desk } from '../desk.js';
import type { World } from '../case.js';
import { isPaperAccount } from './options.js';

/** Why nothing was played. */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun';
}

export interface FirstLook {
  readonly isOpen: boolean;
  /** The market never closes: as no exchange does, but a paper gateway may. */
  readonly isAlwaysOpen: boolean;
  readonly price: DecimalText;
  /** Open orders that a run of before has not taken back: it was killed, or could not. */
  readonly leftBefore: readonly string[];
}

/** How the suite names its orders. */
const OURS = /^cf[0-9a-z]{9,}-(c\d+|end)-/;

/** A session that is longer never closes: the longest of an exchange has twenty hours. */
const DAY_LONG_MS = 23 * 3_600_000;

/**
 * Connects, looks, and leaves.
 * @throws CouldNotRun with what is in the way
 */
export async function firstLook(world: World): Promise<FirstLook> {
  const desk = new Desk(world, 'look');
  try {
    desk.port.open();
    await desk.connected().catch(() => {
      throw new CouldNotRun(`${world.name} can't be reached: ${desk.port.state().reason}`);
    });
    const { accounts } = desk.port.state();
    const foreign = accounts.filter((account) => !isPaperAccount(account));
    if (foreign.length > 0) {
      throw new CouldNotRun(`the login reports ${foreign.join(', ')}, no paper account: never`);
    }
    if (!accounts.includes(world.account)) {
      throw new CouldNotRun(`the login reports ${accounts.join(', ')}, and not ${world.account}`);
    }
    const [info, price] = [await desk.market.info(), await desk.market.middle()];
    const { orders } = await desk.port.snapshot();
    const leftBefore = orders.flatMap(({ clientOrderId }) => clientOrderId ?? []).filter(isOurs);
    return { ...openness(info.hours), price, leftBefore };
  } catch (error) {
    if (error instanceof CouldNotRun) throw error;
    const told = error instanceof Error ? error.message : String(error);
    throw new CouldNotRun(`${world.name}: ${told}`);
  } finally {
    await desk.port.close();
  }
}

/** Of unknown hours nothing is expected. */
function openness(hours: TradingHours | null): Pick<FirstLook, 'isOpen' | 'isAlwaysOpen'> {
  const nowMs = Date.now();
  if (hours === null || !isOpen(hours, nowMs)) return { isOpen: false, isAlwaysOpen: false };
  const closeMs = sessionClose(hours, nowMs)!;
  const now = hours.sessions.find((one) => one.liquid && one.closeMs === closeMs);
  const isAlwaysOpen = now !== undefined && closeMs - now.openMs >= DAY_LONG_MS;
  return { isOpen: true, isAlwaysOpen };
}

function isOurs(ref: string): boolean {
  return OURS.test(ref);
}
