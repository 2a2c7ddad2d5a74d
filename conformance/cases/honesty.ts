/** C-72: what the capabilities deny is refused, and nothing of it is sent. */
import type { OrderTerms } from '../../broker/port.js';
import { caseOf, supports } from '../case.js';
import type { Case, Need } from '../case.js';
import type { Desk } from '../desk.js';
import { ending } from '../words.js';
import { resting } from './changes.js';

const REFUSED = 'refused, nothing sent: invalid';

type Attempt = (desk: Desk) => Promise<unknown>;

const exit = { name: 'stop', terms: { side: 'SELL', orderType: 'STP' } } as const;

const placing =
  (terms: (desk: Desk) => Promise<Partial<OrderTerms>>): Attempt =>
  async (desk) =>
    desk.place({ name: 'denied', terms: await terms(desk) });

/** How each thing that may be denied is tried; null for what is told, not asked for. */
const ATTEMPTS: Readonly<Record<Need, Attempt | null>> = {
  commissions: null,
  nativeBrackets: async (desk) =>
    desk.bracket(
      { name: 'denied', terms: { limitPrice: await desk.market.off('-0.1') } },
      { ...exit, terms: { ...exit.terms, stopPrice: await desk.market.off('-0.2') } },
    ),
  ocaGroups: placing(async (desk) => ({
    limitPrice: await desk.market.off('-0.1'),
    ocaGroup: desk.ref('group'),
    ocaType: 1,
  })),
  modifyOrders: async (desk) =>
    desk.modify(await resting(desk, 'modified'), { limitPrice: await desk.market.off('-0.12') }),
  whatIf: async (desk) => {
    const terms = { limitPrice: await desk.market.off('-0.1') };
    return desk.port.whatIf(desk.order({ name: 'denied', terms }, 1));
  },
  goodTillDate: placing(async (desk) => ({
    limitPrice: await desk.market.off('-0.1'),
    timeInForce: 'GTD',
    goodTillMs: Math.floor(Date.now() / 3_600_000) * 3_600_000 + 86_400_000,
  })),
  streamingQuotes: async (desk) => desk.port.watchQuote(desk.world.instrument)(),
  MKT: placing(async () => ({ orderType: 'MKT' })),
  LMT: placing(async (desk) => ({ limitPrice: await desk.market.off('-0.1') })),
  STP: placing(async (desk) => ({ orderType: 'STP', stopPrice: await desk.market.off('0.1') })),
  'STP LMT': placing(async (desk) => ({
    orderType: 'STP LMT',
    stopPrice: await desk.market.off('0.1'),
    limitPrice: await desk.market.off('0.11'),
  })),
  TRAIL: placing(async (desk) => ({
    orderType: 'TRAIL',
    trailFraction: '0.1',
    stopPrice: await desk.market.off('0.1'),
  })),
};

async function honest(desk: Desk): Promise<void> {
  const denied = (Object.keys(ATTEMPTS) as Need[]).filter((need) => {
    return !supports(desk.port.capabilities, need);
  });
  desk.note('not supported', denied.length === 0 ? 'nothing' : denied.join(', '));
  for (const need of denied) {
    const attempt = ATTEMPTS[need];
    if (attempt === null) continue;
    const answered = await ending(attempt(desk));
    desk.must(`${need} is refused as not supported`, answered === REFUSED, answered);
  }
  await desk.quiet();
  const { orders } = await desk.picture();
  const sent = orders.filter(({ clientOrderId }) => clientOrderId === desk.ref('denied'));
  desk.must('nothing of it was sent', sent.length === 0, sent);
}

export const HONESTY: readonly Case[] = [
  caseOf(
    'C-72',
    'what the broker does not support is refused, and nothing of it is sent',
    ['BRK-9'],
    honest,
  ),
];
