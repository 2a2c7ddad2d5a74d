/**
 * Fetching a statement from IBKR's Flex web service, version 3: a request starts it, then it is asked for until it is there.
 * Both only read, so each may be repeated. The token goes to the configured address alone, also where an answer names
 * another one, and stands in no message.
 */
import { isLater, readAnswer, refusal, TOO_MANY_REQUESTS, type ServiceAnswer } from './answer.js';
import { FlexError } from './error.js';
import { tooLarge, XML_BYTES_MAX } from './limits.js';

export interface FlexService {
  /** Of the two steps: `https://…/FlexWebService`. */
  readonly url: string;
  readonly token: string;
  readonly queryId: string;
}

/** What passes time, and is told meanwhile. */
export interface FetchPace {
  wait(ms: number): Promise<void>;
  said(progress: string): void;
}

/** A large statement takes so long to come. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Ten requests a minute are allowed for each token: this is below it, and five minutes in all. */
const BETWEEN_REQUESTS_MS = 10_000;
/** A statement of a day is ready by then as a rule, and a second must lie between two requests. */
const FIRST_LOOK_AFTER_MS = 3_000;
/** After too many requests the minute that is counted has to pass. */
const TOO_MANY_PAUSE_MS = 60_000;
/** Of both steps together, and the time that they may wait: what is busy for longer is so in an hour too. */
const REQUESTS_MAX = 30;
const WAITED_MAX_MS = 600_000;

interface Budget {
  requests: number;
  waitMs: number;
}

/**
 * Starts a statement, waits for it and gives its text.
 * @throws FlexError with the service's own reason, or when it has not come within the bound
 */
export async function fetchStatement(service: FlexService, pace: FetchPace): Promise<string> {
  const budget = { requests: REQUESTS_MAX, waitMs: WAITED_MAX_MS };
  const started = await ask(service, `SendRequest?q=${encode(service.queryId)}`, pace, budget);
  const answer = answerIn(service, started);
  if (answer.referenceCode === null) throw refusal(answer);
  pace.said('the statement is being made');
  await pace.wait(FIRST_LOOK_AFTER_MS);
  return ask(service, `GetStatement?q=${encode(answer.referenceCode)}`, pace, budget);
}

const encode = encodeURIComponent;

/** Asks until there is an answer that is neither "later" nor a failure on the way. */
async function ask(
  service: FlexService,
  step: string,
  pace: FetchPace,
  budget: Budget,
): Promise<string> {
  let last = 'too many requests were needed';
  while (budget.requests > 0 && budget.waitMs > 0) {
    budget.requests -= 1;
    const got = judged(service, await request(service, step));
    if (got.kind === 'body') return got.text;
    last = got.why;
    if (!got.mayRepeat) break;
    pace.said(last);
    budget.waitMs -= got.waitMs;
    await pace.wait(got.waitMs);
  }
  throw new FlexError(
    `no statement came from the Flex service at ${placeOf(service)}: ${last}; try again later, or download the file and "ballast flex import" it`,
  );
}

type Got =
  | { readonly kind: 'body'; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly why: string;
      readonly mayRepeat: boolean;
      readonly waitMs: number;
    };

/** A body that says "later" is a failure that may be repeated. @throws FlexError for one that refuses */
function judged(service: FlexService, got: Got): Got {
  if (got.kind === 'failed' || !isAnswer(got.text)) return got;
  const answer = answerIn(service, got.text);
  if (!isLater(answer)) {
    if (answer.status === 'Success') return got;
    throw refusal(answer);
  }
  const { errorCode, errorMessage } = answer;
  const waitMs = errorCode === TOO_MANY_REQUESTS ? TOO_MANY_PAUSE_MS : BETWEEN_REQUESTS_MS;
  return failure(`${errorCode} ${errorMessage}`, true, waitMs);
}

function failure(why: string, mayRepeat: boolean, waitMs = BETWEEN_REQUESTS_MS): Got {
  return { kind: 'failed', why, mayRepeat, waitMs };
}

/** The service, or whoever answers in its place, may say again what it was asked with. */
function answerIn({ token }: FlexService, xml: string): ServiceAnswer {
  const answer = readAnswer(xml);
  const { status, errorMessage } = answer;
  return {
    ...answer,
    ...{ status: redacted(token, status), errorMessage: redacted(token, errorMessage) },
  };
}

function redacted(token: string, why: string): string {
  return why.replaceAll(token, '…').replaceAll(encode(token), '…');
}

function isAnswer(text: string): boolean {
  return /^[^]{0,200}?<FlexStatementResponse[\s>]/.test(text);
}

async function request({ url, token }: FlexService, step: string): Promise<Got> {
  const address = `${url.replace(/\/+$/, '')}/${step}&t=${encode(token)}&v=3`;
  try {
    const response = await fetch(address, {
      headers: { 'user-agent': 'ballast' },
      // Whatever answers elsewhere must not be given the token.
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (response.ok) return { kind: 'body', text: await boundedText(response) };
    await response.body?.cancel().catch(() => undefined);
    const mayRepeat = response.status === 429 || response.status >= 500;
    return failure(`the answer was ${response.status}`, mayRepeat);
  } catch (error) {
    if (error instanceof FlexError) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    return failure(redacted(token, why), true);
  }
}

/** The body as far as it is within the bound. @throws FlexError beyond it */
async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parts: string[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > XML_BYTES_MAX) throw new FlexError(`the statement is refused: ${tooLarge()}`);
    parts.push(decoder.decode(chunk as Uint8Array, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}

function placeOf({ url }: FlexService): string {
  return new URL(url).host;
}
