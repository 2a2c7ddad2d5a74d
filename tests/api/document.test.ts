/** [API-1] The document that is checked in is the one that is served, and holds what clients rely on. Nothing runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { documentText } from '../../api/document-text.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}

let text = '';
let operations: Operation[] = [];
beforeAll(async () => {
  text = await documentText();
  const { paths } = JSON.parse(text) as Document;
  operations = Object.values(paths).flatMap((methods) => Object.values(methods));
}, 60_000);

describe('[API-1] the OpenAPI document', () => {
  test('is the one in docs/reference ("node scripts/write-reference.mjs" writes it)', () => {
    const file = join(projectRoot(), 'docs/reference/openapi.json');
    expect(readFileSync(file, 'utf8') === text).toBe(true);
  });

  test('names each operation once, and what it is refused with as problems', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, responses } of operations) {
      for (const [status, { content }] of Object.entries(responses)) {
        if (Number(status) < 400 || operationId === 'getHealth') continue;
        expect([operationId, status, Object.keys(content ?? {})]).toEqual([
          ...[operationId, status],
          ['application/problem+json'],
        ]);
      }
    }
  });

  test('[API-2] asks for a token everywhere but for health, where the address holds one, and to log in or out', () => {
    const open = operations.filter(({ security }) => !security?.length);
    expect(open.map(({ operationId }) => operationId)).toEqual([
      ...['getHealth', 'beginSession', 'endSession', 'deliverAlert'],
    ]);
    for (const { operationId, security, responses } of operations) {
      if (!security?.length) continue;
      const refusals = Object.keys(responses);
      expect([operationId, refusals]).toEqual([
        operationId,
        expect.arrayContaining(['400', '401', '403', '405', '429', '500', '503']),
      ]);
    }
  });
});
