/** Schemas of what is answered, held against the views that the application gives. */
import { z } from 'zod';
import type { Json, JsonObject } from '../../contract/views.js';

/** A schema for each member of a view: none is missing, none is too many, each is of its type. */
type ShapeOf<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

/**
 * The schema of a view; it doesn't compile when it says anything else than the view's type.
 * @returns `viewOf<Trade>()({...})` is what z.object gives
 */
export function viewOf<T>() {
  return <S extends ShapeOf<T>>(shape: S & { readonly [K in Exclude<keyof S, keyof T>]: never }) =>
    z.object(shape);
}

/** Decimal text, which may be below zero. */
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: 'A decimal as text.', examples: ['181.62'] });

export const instant = z.iso.datetime().meta({ description: 'ISO 8601, in UTC.' });
export const uuid = z.uuid();

/** JSON that has no shape of its own here. */
export const json = z.unknown() as unknown as z.ZodType<Json>;
export const jsonObject = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject>;

/** A word of a set that may grow. */
export function word<T extends string>() {
  return z.string() as unknown as z.ZodType<T>;
}

export const side = z.enum(['BUY', 'SELL']);
export const mode = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);
export const text = z.string();

/** What may also be null. */
export const orNull = <T extends z.ZodType>(schema: T) => z.nullable(schema);
