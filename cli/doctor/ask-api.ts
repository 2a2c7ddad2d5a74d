/** One question to the HTTP API, answered within seconds or not at all. */
import { reasonOf } from '../../app/doctor/check.js';

/** It answers in milliseconds; its health asks the database and Temporal for two seconds at the most. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Of what answers there nothing longer is read: it may be anything. */
const ANSWER_CHARS_MAX = 200_000;

export interface ApiAnswer {
  readonly status: number;
  /** Null when it is no JSON. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

export interface Question {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
}

/** @returns the answer, or why there is none */
export async function askApi(url: string, question: Question = {}): Promise<ApiAnswer | string> {
  const { method = 'GET', token, body } = question;
  try {
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      headers: {
        accept: 'application/json, text/event-stream',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: objectIn(await answer.text()) };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return reasonOf(cause ?? error);
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  if (text.length > ANSWER_CHARS_MAX) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
