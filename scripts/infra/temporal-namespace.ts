/** Makes a Temporal namespace fit for trades: search attributes, and history kept for a month. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from './temporal.js';

/** Numbers of `temporal.api.enums.v1.IndexedValueType`. */
const INDEXED_VALUE_TYPE = { Keyword: 2, Bool: 5 } as const;

/** How long a closed trade's history can be looked at; the database keeps the trade for ever. */
const RETENTION_SECONDS = 30 * 24 * 3600;

async function missingAttributes(client: Client): Promise<string[]> {
  const { namespace } = client.options;
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace,
  });
  return Object.keys(SEARCH_ATTRIBUTES).filter((name) => !(name in (customAttributes ?? {})));
}

function commandFor(namespace: string, names: string[]): string {
  const flags = names.map((name) => {
    const type = SEARCH_ATTRIBUTES[name as keyof typeof SEARCH_ATTRIBUTES];
    return `--name ${name} --type ${type}`;
  });
  return `temporal operator search-attribute create --namespace ${namespace} ${flags.join(' ')}`;
}

/**
 * Adds the search attributes that a namespace lacks.
 * @throws Error with the command to run where this user may not add them
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const missing = await missingAttributes(client).catch(() => Object.keys(SEARCH_ATTRIBUTES));
  if (missing.length === 0) return;
  const types = missing.map((name) => {
    const type = SEARCH_ATTRIBUTES[name as keyof typeof SEARCH_ATTRIBUTES];
    return [name, INDEXED_VALUE_TYPE[type]] as const;
  });
  try {
    const searchAttributes = Object.fromEntries(types);
    await client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the namespace ${namespace} lacks search attributes, and they could not be added (${why}). ` +
        `Have someone who may do it run:\n  ${commandFor(namespace, missing)}`,
      { cause: error },
    );
  }
}

/** As gRPC numbers them. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

/** A server learns of a new namespace by asking its database anew, every few seconds. */
const KNOWN_LIMIT_MS = 60_000;
const KNOWN_POLL_MS = 500;

const hasCode = (error: unknown, code: number) =>
  isGrpcServiceError(error) && Number(error.code) === code;

/** Who may not look at it may work in it all the same: what is wrong then is told by what comes next. */
async function isKnown(client: Client): Promise<boolean> {
  const { namespace } = client.options;
  return client.connection.workflowService.describeNamespace({ namespace }).then(
    () => true,
    (error: unknown) => !hasCode(error, NOT_FOUND),
  );
}

/**
 * Makes the namespace where the server has none of that name, with histories kept for a month, and waits until
 * the server knows it. One that is there keeps what it is set to.
 * @returns whether it was made now
 * @throws Error where this user may not make it (Temporal Cloud), saying who can
 */
export async function ensureNamespace(client: Client): Promise<boolean> {
  const { namespace } = client.options;
  if (await isKnown(client)) return false;
  try {
    await client.connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as unknown as Long },
    });
  } catch (error) {
    // Another that prepares was quicker.
    if (!hasCode(error, ALREADY_EXISTS)) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(
        `there is no Temporal namespace ${namespace}, and it could not be made (${why}): make it in ` +
          'Temporal Cloud, or have an administrator run\n' +
          `  temporal operator namespace create --namespace ${namespace} --retention 30d`,
        { cause: error },
      );
    }
  }
  const deadline = Date.now() + KNOWN_LIMIT_MS;
  // What adds search attributes learns of it last.
  while (!(await isKnown(client)) || !(await missingAttributes(client).catch(() => null))) {
    if (Date.now() > deadline) {
      throw new Error(`Temporal does not know the namespace ${namespace} after 60 s`);
    }
    await sleep(KNOWN_POLL_MS);
  }
  return true;
}

/** Keeps closed histories for 30 days; a development server would drop them after one. */
export async function ensureRetention(client: Client): Promise<void> {
  await client.connection.workflowService.updateNamespace({
    namespace: client.options.namespace,
    config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as unknown as Long } },
  });
}

/** The protocol's 64-bit numbers are typed so, but plain numbers are taken. */
type Long = NonNullable<
  NonNullable<
    NonNullable<
      Parameters<Client['connection']['workflowService']['updateNamespace']>[0]['config']
    >['workflowExecutionRetentionTtl']
  >['seconds']
>;
