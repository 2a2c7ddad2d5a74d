/**
 * A file of the broker's Flex queries in the words of the domain (REC-6). The document is outside text: everything in it is
 * bounded and checked, what can't be read stops the whole file before anything of it is used.
 * The format is that of IBKR's "Activity Flex Query" as XML (Client Portal, Performance & Reports, Flex Queries).
 */
import { NEW_YORK } from '../domain/zone.js';
import type {
  Statement,
  StatementExecution,
  StatementMovement,
} from '../domain/statement/statement.js';
import { CASH_TITLES, leftOutCash, readCash } from './cash.js';
import { FlexError } from './error.js';
import { serviceFailure } from './answer.js';
import { field, readRow } from './row.js';
import { instantOfDay, endOfDay } from './time.js';
import { leftOutTrade, readTrade, TRADE_TITLES } from './trades.js';
import { readXml, type Attributes } from './xml.js';
import { z } from 'zod';

/** A year by days of three accounts. */
const STATEMENTS_MAX = 1_200;
/** The broker's own limit is 365. */
const DAYS_MAX = 370;
/** Of all statements of a file together: memory is bounded, and no account of this system has as many in a year. */
const ROWS_MAX = 200_000;
/** From then on a trade counts to the next day, in New York. */
const DAY_TURNS_AT_HOUR = 20;

interface Draft {
  readonly attributes: Attributes;
  readonly executions: StatementExecution[];
  readonly movements: StatementMovement[];
  readonly leftOut: Map<string, number>;
  hasTrades: boolean;
  hasCash: boolean;
  /** Rows of the section that are no executions: a query without their level has no other. */
  otherLevels: number;
}

/**
 * Reads all statements of a file. Times are in `zone` unless they carry their own.
 * @throws FlexError naming the line or the row, and what to change in the query
 */
export function readStatements(xml: string, zone: string): Statement[] {
  const drafts: Draft[] = [];
  let rows = 0;
  const count = () => {
    rows += 1;
    if (rows > ROWS_MAX) {
      throw new FlexError(`more than ${ROWS_MAX} rows: let the query cover a shorter time`);
    }
  };
  readXml(xml, {
    open: (path, attributes) => {
      if (path.length === 1) return expectRoot(path[0] ?? '', attributes, xml);
      const [, , statement, section, row] = path;
      if (statement !== 'FlexStatement') return;
      if (path.length === 3) drafts.push(draftOf(attributes, drafts.length));
      const draft = drafts.at(-1)!;
      if (path.length === 4) openSection(draft, section ?? '');
      if (path.length === 5) takeRow(draft, `${section}/${row}`, attributes, zone, count);
    },
  });
  if (drafts.length === 0) throw new FlexError('there is no FlexStatement in it');
  return drafts.map((draft) => statementOf(draft, zone));
}

function expectRoot(name: string, { type }: Attributes, xml: string): void {
  if (name === 'FlexStatementResponse') throw serviceFailure(xml);
  if (name !== 'FlexQueryResponse') {
    throw new FlexError(
      `its first element is ${name}, not FlexQueryResponse: it is no Flex statement`,
    );
  }
  if (type !== undefined && type !== '' && type !== 'AF') {
    throw new FlexError(`it is of a query of the type ${type}: make an Activity Flex Query`);
  }
}

function draftOf(attributes: Attributes, before: number): Draft {
  if (before >= STATEMENTS_MAX) {
    throw new FlexError(
      `more than ${STATEMENTS_MAX} statements: let the query cover a shorter time`,
    );
  }
  return {
    ...{ attributes, executions: [], movements: [], leftOut: new Map<string, number>() },
    ...{ hasTrades: false, hasCash: false, otherLevels: 0 },
  };
}

function openSection(draft: Draft, section: string): void {
  if (section === 'Trades') draft.hasTrades = true;
  if (section === 'CashTransactions') draft.hasCash = true;
}

function takeRow(
  draft: Draft,
  kind: string,
  attributes: Attributes,
  zone: string,
  count: () => void,
): void {
  const isTrade = kind === 'Trades/Trade';
  if (kind.startsWith('Trades/') && !isTrade) draft.otherLevels += 1;
  if (!isTrade && kind !== 'CashTransactions/CashTransaction') return;
  count();
  const { accountId: account = '' } = draft.attributes;
  const number = (isTrade ? draft.executions : draft.movements).length + 1;
  const name = `${isTrade ? 'Trade' : 'CashTransaction'} ${number} of account ${account}`;
  if (attributes['accountId'] !== undefined && attributes['accountId'] !== account) {
    throw new FlexError(`${name}: its own account is ${JSON.stringify(attributes['accountId'])}`);
  }
  const why = isTrade ? leftOutTrade(attributes) : leftOutCash(attributes);
  if (why !== null) {
    draft.leftOut.set(why, (draft.leftOut.get(why) ?? 0) + 1);
    if (isTrade) draft.otherLevels += 1;
    return;
  }
  if (isTrade) {
    draft.executions.push(readTrade(attributes, zone, { name, titles: TRADE_TITLES }));
    return;
  }
  const movement = readCash(attributes, zone, { name, titles: CASH_TITLES });
  if (movement !== null) draft.movements.push(movement);
}

const shapeOf = (zone: string) =>
  z.object({
    accountId: field.name,
    fromDate: field.time(zone),
    toDate: field.time(zone),
    whenGenerated: field.optionalTime(zone),
  });

function statementOf(draft: Draft, zone: string): Statement {
  const place = { name: 'FlexStatement', titles: {} };
  const { accountId, fromDate, toDate, whenGenerated } = readRow(
    shapeOf(zone),
    draft.attributes,
    place,
  );
  const generatedAtMs = whenGenerated?.atMs ?? null;
  const [fromDay, toDay] = [fromDate.day, toDate.day];
  if (fromDay > toDay) throw new FlexError(`FlexStatement: it ends (${toDay}) before it begins`);
  const endMs = endOfDay(toDay, zone);
  if (endMs - instantOfDay(fromDay, 0, zone) > DAYS_MAX * 86_400_000) {
    throw new FlexError(`FlexStatement: it covers more than ${DAYS_MAX} days`);
  }
  const untilMs = Math.min(instantOfDay(toDay, DAY_TURNS_AT_HOUR, NEW_YORK), endMs);
  const { executions, movements, leftOut, hasTrades, hasCash, otherLevels } = draft;
  const lacksLevel = hasTrades && executions.length === 0 && otherLevels > 0;
  const level = 'the section Trades has no executions: tick "Execution" in the query';
  return {
    ...{ account: accountId, fromDay, toDay, generatedAtMs },
    coversFromMs: instantOfDay(fromDay, 0, zone),
    coversUntilMs: generatedAtMs === null ? untilMs : Math.min(untilMs, generatedAtMs),
    executions: hasTrades && !lacksLevel ? executions : null,
    movements: hasCash ? movements : null,
    leftOut: [
      ...[...leftOut].map(([why, number]) => `${number} ${why}`),
      ...(lacksLevel ? [level] : []),
      ...(hasTrades ? [] : ['it has no section Trades: no execution was compared']),
      ...(hasCash ? [] : ['it has no section Cash Transactions: no movement was recorded']),
    ],
  };
}
