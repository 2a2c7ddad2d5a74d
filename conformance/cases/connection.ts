/** C-01 … C-11: the connection, the account, the instrument, and what an order would cost. */
import { UnknownContractError } from '../../broker/port.js';
import { decimal } from '../../domain/money.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import type { Desk } from '../desk.js';
import { ending, isDecimal } from '../words.js';

/** Beyond it no order's time can be judged; entries are blocked well before. */
const CLOCK_DIFFERENCE_MAX_MS = 60_000;
const CLOCK_DIFFERENCE_GOOD_MS = 5_000;

async function connects(desk: Desk): Promise<void> {
  const state = desk.port.state();
  desk.must('a synced connection is ready', state.ready, state);
  desk.must('a generation has begun', state.generation > 0 && state.generationSinceMs !== null);
  const { account } = desk.world;
  desk.must('the account is reported', state.accounts.includes(account), state.accounts);
  desk.must('a next order id is told', (state.nextValidId ?? 0) > 0, state.nextValidId);
  desk.note('quotes can be had', state.dataFarms);
  desk.note('the clocks differ by a measured time', state.clockSkewMs !== null);
}

async function readiness(desk: Desk): Promise<void> {
  await desk.port.close();
  desk.must('a closed port is not ready', !desk.port.state().ready);
  const fresh = desk.world.connect('first');
  try {
    desk.must('a port that was not opened is down', fresh.state().socket === 'down');
    fresh.open();
    await desk.until('the handshake', () => fresh.state().brokerServers);
    desk.must('nobody writes before the lists were read', !fresh.state().ready);
    const early = await ending(
      fresh.openSlot({ messages: 1, priority: 'protect', deadlineMs: Date.now() }),
    );
    desk.must('a turn before that is refused', early === 'refused, nothing sent: not_ready', early);
    const { generation } = fresh.state();
    const stale = await ending(() => fresh.declareSynced(generation - 1));
    desk.must('an older picture makes nothing ready', stale.startsWith('refused'), stale);
    desk.must('and it is not', !fresh.state().ready);
    const snapshot = await fresh.snapshot();
    desk.must('questions are answered before that', snapshot.isComplete, snapshot.problem);
    fresh.declareSynced(snapshot.generation);
    desk.must('the picture of this generation makes it ready', fresh.state().ready);
  } finally {
    await fresh.close();
  }
}

async function accountFigures(desk: Desk): Promise<void> {
  const figures = await desk.port.accountSnapshot(desk.world.account);
  desk.must('the figures are of the account', figures.account === desk.world.account, figures);
  const { account: _account, baseCurrency, exchangeRates, atMs: _atMs, ...amounts } = figures;
  const odd = Object.entries(amounts).filter(([, amount]) => !isDecimal(amount));
  desk.must('every figure is a plain decimal', odd.length === 0, odd);
  const wrong = Object.values(exchangeRates).filter(
    (rate) => !isDecimal(rate) || decimal(rate).lte(0),
  );
  desk.must('every exchange rate is a positive decimal', wrong.length === 0, exchangeRates);
  desk.must('the base currency is worth one of itself', exchangeRates[baseCurrency] === '1');
  desk.note('base currency', baseCurrency);
  desk.note('currencies in the ledger', Object.keys(exchangeRates).sort().join(' '));
  desk.note('the account is worth something', decimal(amounts.netLiquidation).gt(0));
  desk.note('of an account that is not there', await ending(desk.port.accountSnapshot('NOBODY')));
}

async function brokerTime(desk: Desk): Promise<void> {
  const difference = Math.abs((await desk.port.brokerTimeMs()) - Date.now());
  desk.must("the broker's time is a time", difference < CLOCK_DIFFERENCE_MAX_MS, difference);
  desk.note('the clocks agree within five seconds', difference < CLOCK_DIFFERENCE_GOOD_MS);
}

async function contractDetails(desk: Desk): Promise<void> {
  const info = await desk.market.info();
  const { instrument, priceIncrement, sizeIncrement } = info;
  const asked = desk.world.instrument;
  desk.must('the symbol is the one asked for', instrument.symbol === asked.symbol, instrument);
  desk.must("the broker's id is told", (instrument.brokerContractId ?? 0) > 0, instrument);
  desk.must('increments are decimals', isDecimal(priceIncrement) && isDecimal(sizeIncrement), info);
  desk.must('a price increment is above zero', decimal(priceIncrement).gt(0), priceIncrement);
  desk.note('price increment', priceIncrement);
  desk.note('size increment', sizeIncrement);
  desk.note('currency', instrument.currency);
  desk.note('a name is told', info.longName !== '');
  desk.note('an industry is told', info.industry !== '');
  desk.note('primary exchange', info.primaryExchange);
  const byId = await desk.port.resolveContract({ ...asked, ...instrument });
  const isSame = byId.instrument.brokerContractId === instrument.brokerContractId;
  desk.must("by the broker's id it is the same", isSame, byId.instrument);
}

async function sessions(desk: Desk): Promise<void> {
  const { hours, hoursProblem } = await desk.market.info();
  desk.must('hours are known, or it is said why not', (hours === null) === (hoursProblem !== null));
  desk.note('hours are known', hours !== null);
  if (hours === null) return;
  const isWhole = hours.sessions.every(({ openMs, closeMs }) => openMs < closeMs);
  desk.must('a session ends after its beginning', isWhole, hours.sessions);
  const liquid = hours.sessions.filter((session) => session.liquid);
  const isOrdered = liquid.every(
    ({ openMs }, index) => openMs >= (liquid[index - 1]?.closeMs ?? 0),
  );
  desk.must('regular sessions follow one another', isOrdered, liquid);
  const nowMs = Date.now();
  desk.must('they cover today', hours.fromMs <= nowMs && nowMs < hours.untilMs, hours);
  desk.note('there are regular sessions', liquid.length > 0);
  const isWider = hours.sessions.some(({ liquid: isLiquid }) => !isLiquid);
  desk.note('there are hours beside the regular ones', isWider);
}

async function unknownContract(desk: Desk): Promise<void> {
  const answer = await desk.port
    .resolveContract(desk.world.unlisted)
    .catch((error: Error) => error);
  desk.must(
    'what nobody lists is an unknown contract',
    answer instanceof UnknownContractError,
    answer,
  );
  const quoted = await ending(desk.port.quoteSnapshot(desk.world.unlisted));
  desk.must('it has no quote', quoted !== 'answered', quoted);
  desk.note('its quote', quoted);
}

async function quote(desk: Desk): Promise<void> {
  const { instrument } = desk.world;
  const asked = desk.port.quoteSnapshot(instrument);
  const answered = await ending(asked);
  desk.note('a quote', answered);
  const known = ['answered', 'BrokerRequestError', 'NoAnswerError'].includes(answered);
  desk.must('a quote comes, or an error that says so', known, answered);
  if (answered !== 'answered') return;
  const { bid, ask, kind, halted, atMs } = await asked;
  const odd = [bid, ask].filter((price) => price !== null && !isDecimal(price));
  desk.must('prices are plain decimals, or unknown', odd.length === 0, odd);
  const isCrossed = bid !== null && ask !== null && decimal(bid).gt(decimal(ask));
  desk.must('the bid is not above the ask', !isCrossed, { bid, ask });
  desk.must('it has a time', Math.abs(atMs - Date.now()) < CLOCK_DIFFERENCE_MAX_MS, atMs);
  desk.note('both sides are told', bid !== null && ask !== null);
  desk.note('kind', kind);
  desk.note('halted', halted);
}

async function stream(desk: Desk): Promise<void> {
  const { symbol } = desk.world.instrument;
  const quotes = () => desk.seen.of('quote').filter((event) => event.instrument.symbol === symbol);
  const release = desk.port.watchQuote(desk.world.instrument);
  try {
    await desk.until('a first quote', () => quotes().length > 0);
  } finally {
    release();
  }
  desk.note('kind', quotes()[0]!.quote.kind);
  await desk.quiet();
  const before = quotes().length;
  await desk.world.controls?.setPrice(await desk.market.off('0.05'));
  await desk.quiet();
  desk.must(
    'after the release no quote comes',
    quotes().length === before,
    quotes().length - before,
  );
}

async function whatIf(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('-0.1');
  const slot = await desk.turn(1);
  const order = desk.order({ name: 'whatif', terms: { limitPrice } }, desk.take(slot, 1));
  slot.release();
  const report = await desk.port.whatIf(order);
  const { initialMarginChange, maintenanceMarginChange, equityWithLoanAfter, commission } = report;
  const figures = { initialMarginChange, maintenanceMarginChange, equityWithLoanAfter, commission };
  const odd = Object.values(figures).filter((figure) => figure !== null && !isDecimal(figure));
  desk.must('every figure is a plain decimal, or unknown', odd.length === 0, report);
  for (const [name, figure] of Object.entries(figures))
    desk.note(`${name} is told`, figure !== null);
  desk.note('currency of the commission', report.commissionCurrency);
  await desk.quiet();
  const { orders, completed } = await desk.picture();
  const isThere = [...orders, ...completed].some(
    (one) => one.clientOrderId === order.clientOrderId,
  );
  desk.must('nothing was placed', !isThere);
  desk.must('nothing was told of an order', desk.seen.reports(order.clientOrderId).length === 0);
}

async function badWhatIf(desk: Desk): Promise<void> {
  const slot = await desk.turn(1);
  const firstId = desk.take(slot, 1);
  slot.release();
  const terms = { limitPrice: await desk.market.off('-0.1') };
  const order = desk.order({ name: 'whatif', terms, instrument: desk.world.unlisted }, firstId);
  const answered = await ending(desk.port.whatIf(order));
  desk.must('what can not be is not answered with figures', answered !== 'answered', answered);
  desk.note('of an unknown contract', answered);
}

export const CONNECTION: readonly Case[] = [
  caseOf(
    'C-01',
    'a connection tells its account, a next order id and a generation',
    ['BRK-1'],
    connects,
  ),
  caseOf(
    'C-02',
    'nothing is written before a picture of this generation was declared',
    ['BRK-1', 'BRK-12'],
    readiness,
  ),
  caseOf(
    'C-03',
    'the account’s figures are decimals, and of nobody else',
    ['BRK-9'],
    accountFigures,
  ),
  caseOf('C-04', 'the broker tells its time', ['BRK-1'], brokerTime),
  caseOf(
    'C-05',
    'an instrument is resolved: the broker’s id, increments, names',
    ['BRK-9'],
    contractDetails,
  ),
  caseOf('C-06', 'trading hours are data: sessions in order that cover today', ['BRK-9'], sessions),
  caseOf('C-07', 'an instrument that nobody lists is told as unknown', ['BRK-9'], unknownContract),
  caseOf(
    'C-08',
    'a quote is two prices and their kind, or an error that says why not',
    ['BRK-9'],
    quote,
  ),
  caseOf('C-09', 'quotes stream until they are released', ['BRK-9'], stream, {
    needs: ['streamingQuotes'],
  }),
  caseOf('C-10', 'a what-if tells figures and places nothing', ['BRK-6'], whatIf, {
    needs: ['whatIf'],
  }),
  caseOf('C-11', 'a what-if of what can not be is refused', ['BRK-6'], badWhatIf, {
    needs: ['whatIf'],
  }),
];
