/** The OpenAPI document, written from the schemas that requests are read with, and a page to browse it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod';
import { SESSION_COOKIE, SESSION_HEADER } from './session.js';

export const DOCUMENT_URL = '/openapi.json';
export const PAGE_URL = '/docs';

const DESCRIPTION = `Durable trade execution for Interactive Brokers.

Every request under \`/api\` needs a bearer token; \`ballast token --scope read,trade\` makes one. A webhook's
address holds a token of its own. JSON is in
snake_case, prices and quantities are decimals as text, instants are ISO 8601 in UTC. What is refused is
answered with RFC 9457 problems that carry a \`code\`. A list is read page by page: \`next_cursor\` of one page
is the \`cursor\` of the next; null: it was the last.`;

const SESSION = `The dashboard's, by \`POST /api/v1/session\`; each request of it carries the header \`${SESSION_HEADER}\`
unless it only reads. The cookie's name ends with the port.`;

const TAGS = [
  { name: 'signals', description: 'Signals, and what waits for a person.' },
  { name: 'previews', description: 'What a signal would come to, and having exactly that sent.' },
  { name: 'trades', description: 'Trades, their orders, and commands to them.' },
  { name: 'account', description: 'Accounts, positions, results.' },
  { name: 'hooks', description: 'Webhooks: where alerts of charting services come in.' },
  { name: 'control', description: 'Modes, pauses, halt.' },
  { name: 'operation', description: 'Reconciliation, notifications, audit, health.' },
];

/** z.json() and alike refer to themselves; everything else is written where it stands. */
const CONVERSION = { zodToJsonConfig: { unrepresentable: 'any' } } as const;

/** Adds the document of all routes that are added after it. */
export async function addDocument(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Ballast', description: DESCRIPTION, version: '1' },
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: SESSION },
        },
      },
    },
    ...transformsOf(),
  });
  await server.register(swaggerUi, {
    routePrefix: PAGE_URL,
    staticCSP: true,
    uiConfig: { persistAuthorization: false, tryItOutEnabled: true },
  });
  const hidden = { schema: { hide: true }, config: { scope: null } };
  server.get(DOCUMENT_URL, hidden, () => server.swagger());
}

interface Schemas {
  readonly operationId?: string;
  readonly body?: unknown;
}

/** From zod to the document, with what the conversion leaves out, and without what nothing refers to. */
function transformsOf() {
  const toRoute = createJsonSchemaTransform(CONVERSION);
  const toObject = createJsonSchemaTransformObject(CONVERSION);
  const optional = new Set<string>();
  return {
    transform: (given: Parameters<typeof toRoute>[0]) => {
      const { body, operationId = '' } = (given.schema ?? {}) as Schemas;
      if (body instanceof z.ZodType && body.safeParse(undefined).success) optional.add(operationId);
      return toRoute(given);
    },
    transformObject: (given: Parameters<typeof toObject>[0]) => {
      const document = toObject(given) as Document;
      for (const methods of Object.values(document.paths)) {
        for (const { operationId, requestBody } of Object.values(methods)) {
          if (requestBody && optional.has(operationId)) requestBody.required = false;
        }
      }
      return withoutUnused(anyForUnknown(document)) as ReturnType<typeof toObject>;
    },
  };
}

interface Document {
  readonly paths: Record<
    string,
    Record<string, { readonly operationId: string; requestBody?: { required?: boolean } }>
  >;
  readonly components: { readonly schemas: Record<string, unknown> };
}

/** Each schema is written as it is read and as it is answered; most are one of the two. */
function withoutUnused(document: Document): Document {
  const { schemas, ...rest } = document.components;
  const used = new Set<string>();
  const follow = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? null);
    }
  };
  follow(document.paths);
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  return { ...document, components: { ...rest, schemas: Object.fromEntries(kept) } };
}

/** Of JSON that may hold JSON the conversion names a schema that it does not write: anything may stand there. */
function anyForUnknown(document: Document): Document {
  const { schemas } = document.components;
  const text = JSON.stringify(document).replace(
    /\{"\$ref":"#\/components\/schemas\/(\w+)"\}/g,
    (reference, name: string) => (name in schemas ? reference : '{}'),
  );
  return JSON.parse(text) as Document;
}
