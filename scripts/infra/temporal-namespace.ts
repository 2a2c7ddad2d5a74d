/** Makes a Temporal namespace fit for trades: search attributes, and history kept for a month. */
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
