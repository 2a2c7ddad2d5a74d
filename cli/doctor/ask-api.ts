/** One question to the HTTP API, answered within seconds or not at all. */
import { reasonOf } from '../../app/doctor/check.js';
import type { Config } from '../../config/index.js';

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

/** Where the API is reached from this machine: one that listens everywhere listens here too. */
export function apiAddress({ apiHost, apiPort }: Config): string {
  const everywhere: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const host = everywhere[apiHost] ?? (apiHost.includes(':') ? `[${apiHost}]` : apiHost);
  return `http://${host}:${apiPort}`;
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
