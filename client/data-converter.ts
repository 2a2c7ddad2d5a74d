/** What clients and workers turn values into payloads with, and back. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { PayloadKey } from '../contract/payload-keys.js';
import { projectRoot } from '../scripts/lib/paths.mjs';
import { createPayloadCodec } from './payload-codec.js';

/** Undefined without keys: everything is stored as it is. @throws Error when a part of the installation is missing */
export function dataConverterOf(keys: readonly PayloadKey[]): DataConverter | undefined {
  const [first, ...others] = keys;
  if (first === undefined) return undefined;
  const failureConverterPath = join(projectRoot(), 'client', 'encoded-failures.cjs');
  if (!existsSync(failureConverterPath)) throw new Error(`${failureConverterPath} is missing`);
  return { payloadCodecs: [createPayloadCodec([first, ...others])], failureConverterPath };
}
