/** The types of the TypeScript client, made from the OpenAPI document. */
import openapiTypescript, { astToString } from 'openapi-typescript';

/** Where they lie. */
export const SDK_TYPES = 'sdk/src/generated/api.ts';

const HEADER = `/**
 * The HTTP API as its document has it. Made from docs/reference/openapi.json by
 * "node scripts/write-reference.mjs": not to be edited.
 */
`;

/**
 * @param {string} document the OpenAPI document as JSON
 * @returns {Promise<string>} the file's text
 */
export async function sdkTypes(document) {
  return HEADER + astToString(await openapiTypescript(JSON.parse(document)));
}
