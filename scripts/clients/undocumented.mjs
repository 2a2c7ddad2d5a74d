/**
 * What stands in no document of the HTTP API, as a document for whoever sends made-up requests: the codec endpoint and
 * the MCP server, each of which has a protocol of its own.
 */

const reference = (name) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema) => ({ 'application/json': { schema } });
const object = (required, properties) => ({ type: 'object', required, properties });

const payload = {
  type: 'object',
  properties: {
    metadata: { type: ['object', 'null'], additionalProperties: { type: 'string' } },
    data: { type: ['string', 'null'] },
  },
};
const payloads = object(['payloads'], {
  payloads: { type: 'array', items: reference('Payload') },
});
const problem = object(['type', 'title', 'status', 'detail', 'code', 'request_id'], {});
/** JSON-RPC: a method that is not known is answered as such with 200, and without an id nothing is. */
const message = object(['jsonrpc', 'method'], {
  jsonrpc: { const: '2.0' },
  id: { type: ['integer', 'string'] },
  method: { type: 'string', examples: ['initialize', 'ping', 'tools/list', 'tools/call'] },
  params: { type: 'object' },
});

/** @param {number[]} statuses @param {object} [more] contents beside a problem */
function refusals(statuses, more = {}) {
  const content = { 'application/problem+json': { schema: reference('Problem') }, ...more };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: 'Refused.', content }]),
  );
}

const text = (name, where, schema) => ({ name, in: where, required: true, schema });

const codec = {
  operationId: 'openPayloads',
  parameters: [
    text('secret', 'path', { type: 'string', minLength: 1 }),
    text('operation', 'path', { enum: ['encode', 'decode'] }),
  ],
  requestBody: { required: true, content: json(reference('Payloads')) },
  responses: {
    200: { description: 'Opened, or sealed.', content: json(reference('Payloads')) },
    ...refusals([400, 404, 405, 413, 415, 429]),
  },
};

const mcp = {
  operationId: 'mcp',
  security: [{ bearer: [] }],
  parameters: [text('accept', 'header', { const: 'application/json, text/event-stream' })],
  requestBody: { required: true, content: json(message) },
  responses: {
    200: { description: 'Answered.', content: json({ type: 'object', required: ['jsonrpc'] }) },
    202: { description: 'A notification was taken.' },
    ...refusals(
      [400, 401, 403, 404, 405, 406, 413, 415, 429],
      json({ type: 'object', required: ['jsonrpc'] }),
    ),
  },
};

/** The document. */
export const UNDOCUMENTED = {
  openapi: '3.1.0',
  info: { title: 'The codec endpoint and the MCP server', version: '1' },
  paths: { '/codec/{secret}/{operation}': { post: codec }, '/mcp': { post: mcp } },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    schemas: { Payload: payload, Payloads: payloads, Problem: problem },
  },
};
