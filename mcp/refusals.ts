/** What a tool refuses with: a code of a closed set, what happened, and what to do next. */
import { plainMessage } from '../app/plain-message.js';
import { NotReachableError } from '../app/not-reachable.js';
import type { ProblemIssue } from '../api/problems.js';
import { problemOf } from '../api/refusals.js';
import { enveloped, type Enveloped } from './outside.js';

const SENT_NOTHING = 'Nothing was sent.';
const NEW_PREVIEW = `${SENT_NOTHING} Make a new preview with preview_trade and show it to the person.`;
const WRONG = 'Correct what is named, by the input schema of the tool, and call it again.';

/** Each code with what to do about it. */
const NEXT = {
  INVALID_ARGUMENTS: WRONG,
  INVALID_REQUEST: WRONG,
  INVALID_SIGNAL: WRONG,
  INVALID_CURSOR:
    'Begin without a cursor; next_cursor of one answer is the cursor of the next call.',
  NOT_FOUND: 'Take an id that a tool has given; ids of other users are not found either.',
  TRADING_NOT_ALLOWED:
    'Nothing was done. Only a person can allow it: "ballast mcp --allow-trading", over HTTP a token with the scope "trade".',
  SIGNAL_KNOWN: `${SENT_NOTHING} It was executed before under this id or another preview: look at that trade with get_trade.`,
  PREVIEW_EXPIRED: NEW_PREVIEW,
  PREVIEW_DENIED: `${SENT_NOTHING} Its checks say why it is denied: change the trade, and preview it anew.`,
  PREVIEW_NOT_MADE: NEW_PREVIEW,
  ACCOUNT_CHANGED: NEW_PREVIEW,
  PREVIEWS_BUSY: `${SENT_NOTHING} Wait some seconds, then call it again.`,
  EXIT_PROTECTS:
    'Nothing was cancelled. A person can close the trade, or move its exits, with the ballast command or the HTTP API.',
  REFUSED:
    'Nothing was changed. Look at the trade with get_trade; call it again only when its state has changed.',
  TOO_MANY_CALLS: 'Nothing was done. Wait until earlier calls are answered, then call it again.',
  RESULT_TOO_LARGE: 'Ask for less: a smaller limit or timeline_limit, or a narrower filter.',
  UNAVAILABLE:
    'A part that is needed does not answer: get_health says which. A person can run "ballast doctor". It may be called again.',
  INTERNAL:
    'It is in the log of Ballast. A read may be called again; execute_trade too, for a preview becomes one trade at the most.',
} as const;

export type RefusalCode = keyof typeof NEXT;

/** A refusal of a tool's own. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly issues: readonly ProblemIssue[] = [],
  ) {
    super(message);
  }
}

/** A refusal as a model is given it. */
export interface RefusalView {
  readonly code: RefusalCode;
  /** In an envelope: the broker's words, or a caller's, may stand in it. */
  readonly message: Enveloped;
  readonly next: string;
  readonly issues?: readonly { readonly path: string; readonly message: Enveloped }[];
}

/** @returns how an error is told */
export function refusalView(error: unknown): RefusalView {
  const { code, message, issues } = refusalOf(error);
  return {
    ...{ code, message: enveloped(message), next: NEXT[code] },
    ...(issues.length > 0 && { issues: issues.slice(0, ISSUES_MAX).map(issueView) }),
  };
}

/** As many as are mended at once. */
const ISSUES_MAX = 20;
/** Far above the names of fields. */
const PATH_CHARS_MAX = 100;

function issueView({ path, message }: ProblemIssue) {
  return { path: enveloped(path.slice(0, PATH_CHARS_MAX)).untrusted, message: enveloped(message) };
}

/** Whether nobody expected it: the log has to know. */
export function isUnexpected(error: unknown): boolean {
  return refusalOf(error).code === 'INTERNAL';
}

function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : asProblem(error);
}

/** As the HTTP API tells it: what the driver says of hosts and statements stays here. */
function asProblem(error: unknown): Refusal {
  const { code, message, more } = problemOf(error);
  if (error instanceof NotReachableError && /npm start/.test(error.message)) {
    return new Refusal('UNAVAILABLE', plainMessage(error));
  }
  if (code === 'INTERNAL') return new Refusal('INTERNAL', 'something went wrong inside Ballast');
  return isCode(code) ? new Refusal(code, message, more.errors) : new Refusal('REFUSED', message);
}

function isCode(code: string): code is RefusalCode {
  return code in NEXT;
}
