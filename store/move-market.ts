/** What a move of an exit is checked against where it is recorded: the rows, for no worker may be there. */
import type { DecimalText } from '../domain/money.js';
import type { MoveMarket } from '../domain/trade/request-move.js';
import type { Book } from '../domain/trade/book.js';
import type { Quote } from '../domain/vocabulary.js';
import type { BookKeys } from './book/keys.js';
import { amount, ms } from './book/load.js';
import type { Transaction } from './database.js';

interface Row {
  readonly increment: DecimalText | null;
  readonly quote: Quote | null;
}

/** The contract's increment and its newest quote, however old: whoever uses it looks at its age. */
export async function moveMarket(
  tx: Transaction,
  { connectionId }: BookKeys,
  { instrument, symbol }: Book,
  nowMs: number,
): Promise<Omit<MoveMarket, 'room'>> {
  const { brokerContractId = 0 } = instrument;
  const rows = await tx.$queryRaw<Row[]>`
    SELECT (SELECT c.body->>'priceIncrement' FROM contracts c
             WHERE c.connection_id = ${connectionId}::uuid AND c.symbol = ${symbol}
             ORDER BY c.fetched_at DESC LIMIT 1) AS increment,
           (SELECT jsonb_build_object('bid', ${amount('q.bid')}, 'ask', ${amount('q.ask')},
                     'bidSize', ${amount('q.bid_size')}, 'askSize', ${amount('q.ask_size')},
                     'kind', q.kind, 'halted', q.halted, 'atMs', ${ms('q.at')})
              FROM quotes q WHERE q.connection_id = ${connectionId}::uuid
               AND q.broker_contract_id = ${brokerContractId}) AS quote`;
  return { increment: rows[0]?.increment ?? null, quote: rows[0]?.quote ?? null, nowMs };
}
