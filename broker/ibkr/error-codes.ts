/**
 * Every error code this adapter knows, classed (BRK-4). Meanings: IBKR's message codes page and TWS API
 * error handling notes. An unlisted code is `unknown`: it alerts and changes nothing.
 */
import type { ErrorClass, OrderError } from '../port.js';
import { ERROR_CODES } from './error-code-table.js';

/** What a code can be about. `placing` means the order when new, its modification when it lives. */
export type CodeScope = 'order' | 'placing' | 'modification' | 'cancel' | 'request' | 'connection';

export interface CodeRow {
  readonly code: number;
  readonly errorClass: ErrorClass;
  readonly scope: CodeScope;
  readonly sentence: string;
}

/** Notices of the terminal about itself; those with an effect have a row of their own. */
const NOTICE_RANGE = { from: 2100, to: 2169 };

const BY_CODE: ReadonlyMap<number, CodeRow> = new Map(ERROR_CODES.map((row) => [row.code, row]));

/** The row of a code; unlisted codes get a row that says so. */
export function codeRow(code: number): CodeRow {
  const listed = BY_CODE.get(code);
  if (listed) return listed;
  if (code >= NOTICE_RANGE.from && code <= NOTICE_RANGE.to) {
    const sentence = 'A notice of the terminal without an effect on orders.';
    return { code, errorClass: 'warning', scope: 'connection', sentence };
  }
  const sentence = 'Not in the table: nothing is concluded from it, a person is told.';
  return { code, errorClass: 'unknown', scope: 'order', sentence };
}

/** What is known of the order that an error names. */
export interface OrderFacts {
  /** The broker has shown this order, so it exists. */
  readonly acknowledged: boolean;
  readonly modificationInFlight: boolean;
  readonly cancelSent: boolean;
  /** Sent by this process as a child of another order. */
  readonly sentAsChild: boolean;
}

/** IBKR answers a child of a refused parent with the code that otherwise answers a cancel. */
const CANNOT_FIND_ORDER = 135;
/** The id was used before: refused is this message, not the order that has the id. */
const DUPLICATE_ORDER_ID = 103;

/** Class of a code that comes on an order's id, and what was refused. */
export function orderErrorMeaning(
  code: number,
  facts: OrderFacts,
): Pick<OrderError, 'errorClass' | 'about'> {
  const { errorClass, scope } = codeRow(code);
  if (code === DUPLICATE_ORDER_ID) return { errorClass, about: 'write' };
  switch (scope) {
    case 'cancel': {
      const childRefused =
        code === CANNOT_FIND_ORDER && facts.sentAsChild && !facts.acknowledged && !facts.cancelSent;
      return { errorClass, about: childRefused ? 'order' : 'cancel' };
    }
    case 'modification':
      return { errorClass, about: 'modification' };
    case 'placing':
      return { errorClass, about: facts.acknowledged ? 'modification' : 'order' };
    case 'order':
      return { errorClass, about: aboutOf(errorClass, facts) };
    case 'request':
    case 'connection':
      return { errorClass: errorClass === 'rejection' ? 'unknown' : errorClass, about: 'order' };
  }
}

/** A live order can be refused later on (margin), but not while it is the change that is judged. */
function aboutOf(errorClass: ErrorClass, facts: OrderFacts): OrderError['about'] {
  const refusedChange = errorClass === 'rejection' && facts.acknowledged;
  return refusedChange && facts.modificationInFlight ? 'modification' : 'order';
}
