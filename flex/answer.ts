/**
 * The short answers of the Flex web service, and what its error codes ask for. The codes are those of IBKR's "Flex Web
 * Service Version 3, Error Codes" (ibkrguides.com, Client Portal).
 */
import { cut } from '../domain/text.js';
import { FlexError } from './error.js';
import { readXml } from './xml.js';

export interface ServiceAnswer {
  readonly status: string;
  readonly referenceCode: string | null;
  readonly errorCode: number | null;
  readonly errorMessage: string;
}

/** Reasons are shorter. */
const MESSAGE_CHARACTERS_MAX = 300;

/** Reads a FlexStatementResponse. @throws FlexError when it is none */
export function readAnswer(xml: string): ServiceAnswer {
  const told = new Map<string, string>();
  let root = '';
  readXml(xml, {
    open: (path) => {
      root = path[0] ?? '';
    },
    text: (path, text) => {
      const name = path[1];
      if (path.length === 2 && name !== undefined) told.set(name, (told.get(name) ?? '') + text);
    },
  });
  if (root !== 'FlexStatementResponse') {
    throw new FlexError(`the Flex service answered with ${root}, not with FlexStatementResponse`);
  }
  const of = (name: string) => (told.get(name) ?? '').replace(/[\p{C}\s]+/gu, ' ').trim();
  const [referenceCode, code] = [of('ReferenceCode'), of('ErrorCode')];
  return {
    status: of('Status'),
    referenceCode: /^\w{1,40}$/.test(referenceCode) ? referenceCode : null,
    errorCode: /^\d{1,6}$/.test(code) ? Number(code) : null,
    errorMessage: cut(of('ErrorMessage'), MESSAGE_CHARACTERS_MAX),
  };
}

/** Not ready, busy, or asked too often: the same request may be answered a little later. */
const LATER = new Set([1001, 1004, 1005, 1006, 1007, 1008, 1009, 1018, 1019, 1021]);
/** Ten requests in a minute, one in a second, for each token. */
export const TOO_MANY_REQUESTS = 1018;

export function isLater({ errorCode }: ServiceAnswer): boolean {
  return errorCode !== null && LATER.has(errorCode);
}

const REMEDIES: Readonly<Record<number, string>> = {
  1003: 'the query gives no statement: try it in the Client Portal',
  1010: 'make the query anew as an Activity Flex Query',
  1011: 'activate the Flex web service in the Client Portal',
  1012: 'the token has expired: make another one, and set FLEX_TOKEN',
  1013: 'the token is for another address: make one without, or for this machine',
  1014: 'there is no such query: set FLEX_QUERY_ID to the number beside its name',
  1015: 'there is no such token: set FLEX_TOKEN to the one that the Client Portal shows',
  1016: 'the account of the query is not in order: look at it in the Client Portal',
};

/** What a refusal of the service is told as. */
export function refusal({ errorCode, errorMessage, status }: ServiceAnswer): FlexError {
  const code = errorCode === null ? status || 'no status' : String(errorCode);
  const remedy = REMEDIES[errorCode ?? 0] ?? 'try again in some minutes';
  return new FlexError(`the Flex service refused: ${code} ${errorMessage}: ${remedy}`);
}

/** A file that holds such an answer instead of a statement. */
export function serviceFailure(xml: string): FlexError {
  return refusal(readAnswer(xml));
}
