/** How rows become what people and programs read: snake_case JSON, decimals as text, instants in UTC. */
import type { Json } from '../../contract/views.js';
import { textFromRow, type Prisma } from '../database.js';

/** The caller's own words: their keys are data, not this system's names. */
const VERBATIM = new Set(['indicators', 'context']);

/** ISO 8601 with a Z; null stays null. */
export function instant(value: Date): string;
export function instant(value: Date | null): string | null;
export function instant(value: Date | null): string | null {
  return value === null ? null : value.toISOString();
}

/** A NUMERIC column that may be null. */
export function optionalText(value: Prisma.Decimal | null): string | null {
  return value === null ? null : textFromRow(value);
}

/** Stored JSON with its keys in snake_case, at every depth. */
export function snakeJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(snakeJson);
  if (value === null || typeof value !== 'object') return (value ?? null) as Json;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      snakeCase(key),
      VERBATIM.has(key) ? (member as Json) : snakeJson(member),
    ]),
  );
}

function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
