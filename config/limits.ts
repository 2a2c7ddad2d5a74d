/** The limits in force, as they are shown: names, values and meanings, never a secret. */
import type { z } from 'zod';
import { metaOf } from './fields.js';
import { camelCase, type Config } from './load.js';
import {
  limitSettings,
  permissionSettings,
  protectionSettings,
  sizingSettings,
} from './trading.js';

export interface LimitShown {
  /** As in the environment: `MAX_POSITION_PCT`. */
  readonly name: string;
  /** As it would be written there; null where it is not set. */
  readonly value: string | null;
  readonly unit: string;
  readonly description: string;
}

/** As settings become: lists are written with commas between. */
type Value = string | number | boolean | readonly string[] | undefined;

/** What may be traded and how much of it, by the installation's settings. */
export function limitsOf(config: Config): LimitShown[] {
  const shown = {
    ...permissionSettings,
    ...sizingSettings,
    ...limitSettings,
    ...protectionSettings,
  };
  const values = config as unknown as Readonly<Record<string, Value>>;
  return Object.entries<z.ZodType>(shown).flatMap(([name, schema]) => {
    const { description, unit, secret } = metaOf(schema);
    const value = values[camelCase(name)];
    const written = value === undefined ? null : value.toString();
    return secret ? [] : [{ name, value: written, unit, description }];
  });
}
