/**
 * A layout is a message as data: its field names in order, with groups that only some versions carry,
 * that only some values call for, or that repeat. One layout reads and writes, so that neither side
 * can forget a gate.
 */
import { FieldError, isUnset, readInt } from './fields.js';
import type { FieldReader } from './fields.js';

/** Looks up a value written before, within the same repeated group or else in the message. */
export type Lookup = (name: string) => string;

export interface Gated {
  since?: number;
  /** First version that no longer carries it. */
  before?: number;
  when?: (value: Lookup, version: number) => boolean;
  items: Layout;
}

export interface Repeated {
  /** Name of the field that holds the count; it is itself part of the message, just before. */
  count: string;
  /** Prefix of the names of the items: `leg` gives `leg.0.conId`. */
  each: string;
  items: Layout;
}

export type Layout = readonly (string | Gated | Repeated)[];

/** A message's values by field name; missing names are empty fields. */
export type FieldValues = Record<string, string>;

/** Combination legs, conditions, parameters: more than any real order has. */
const REPEAT_MAX = 100;

/** A message's value of that full name, if it has one. */
type Values = (name: string) => string | undefined;

function lookup(values: Values, prefix: string): Lookup {
  return (name) => values(prefix + name) ?? values(name) ?? '';
}

/** Whether a version has this group at all. */
export function inVersion(item: Gated, version: number): boolean {
  if (item.since !== undefined && version < item.since) return false;
  return item.before === undefined || version < item.before;
}

function applies(item: Gated, version: number, value: Lookup): boolean {
  return inVersion(item, version) && (item.when?.(value, version) ?? true);
}

function walk(
  layout: Layout,
  version: number,
  values: Values,
  visit: (name: string) => void,
  prefix = '',
): void {
  for (const item of layout) {
    if (typeof item === 'string') {
      visit(prefix + item);
    } else if ('count' in item) {
      visit(prefix + item.count);
      const count = readInt(values(prefix + item.count) ?? '', item.count);
      if (count < 0 || count > REPEAT_MAX) throw new FieldError(item.count, String(count));
      for (let index = 0; index < count; index += 1) {
        walk(item.items, version, values, visit, `${prefix}${item.each}.${index}.`);
      }
    } else if (applies(item, version, lookup(values, prefix))) {
      walk(item.items, version, values, visit, prefix);
    }
  }
}

/** Reads a message. A field named twice keeps its second value, as clients do. */
export function readLayout(layout: Layout, version: number, reader: FieldReader): FieldValues {
  const values: FieldValues = {};
  const visit = (name: string): void => {
    values[name] = reader.text(name);
  };
  walk(layout, version, (name) => values[name], visit);
  return values;
}

/** Writes a message: its fields in order. */
export function writeLayout(layout: Layout, version: number, values: FieldValues): string[] {
  const fields: string[] = [];
  walk(
    layout,
    version,
    (name) => values[name],
    (name) => fields.push(values[name] ?? ''),
  );
  return fields;
}

/** Condition of a group: the named field is neither empty nor a sentinel. */
export function isSet(name: string): (value: Lookup) => boolean {
  return (value) => !isUnset(value(name));
}
