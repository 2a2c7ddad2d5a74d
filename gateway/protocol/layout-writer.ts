/**
 * Writes one kind of message again and again. Of an openOrder's 150 fields some 120 are always the same:
 * they are laid out once per version, and only what differs is put in. Where an order switches one of
 * the optional groups, its message is written field by field.
 */
import { readInt } from './fields.js';
import { inVersion, writeLayout } from './layout.js';
import type { FieldValues, Layout, Lookup } from './layout.js';

interface Template {
  fields: readonly string[];
  /** Where a name's value stands; some names stand twice. */
  places: ReadonlyMap<string, readonly number[]>;
  /** All must hold for a message to have exactly these fields. */
  conditions: readonly ((value: Lookup) => boolean)[];
}

const lookupIn =
  (...layers: readonly FieldValues[]): Lookup =>
  (name) => {
    for (const layer of layers) {
      const value = layer[name];
      if (value !== undefined) return value;
    }
    return '';
  };

/** What decides on the optional groups, as the defaults decide it, and the names that are then there. */
function compile(layout: Layout, version: number, defaults: FieldValues) {
  const names: string[] = [];
  const conditions: ((value: Lookup) => boolean)[] = [];
  const byDefault = lookupIn(defaults);
  const walk = (items: Layout): void => {
    for (const item of items) {
      if (typeof item === 'string') {
        names.push(item);
      } else if ('count' in item) {
        names.push(item.count);
        conditions.push((value) => readInt(value(item.count), item.count) === 0);
      } else if (inVersion(item, version)) {
        const { when } = item;
        const present = when?.(byDefault, version) ?? true;
        if (when) conditions.push((value) => when(value, version) === present);
        if (present) walk(item.items);
      }
    }
  };
  walk(layout);
  return { names, conditions };
}

function templateOf(layout: Layout, version: number, defaults: FieldValues): Template {
  const { names, conditions } = compile(layout, version, defaults);
  const places = new Map<string, number[]>();
  names.forEach((name, index) => places.set(name, [...(places.get(name) ?? []), index]));
  return { fields: names.map((name) => defaults[name] ?? ''), places, conditions };
}

export class LayoutWriter {
  private readonly templates = new Map<number, Template>();

  /** `defaults` hold no repeated groups: their counts are 0 or left out. */
  constructor(
    private readonly layout: Layout,
    private readonly defaults: FieldValues,
  ) {}

  /** The fields of a message; a value of `own` wins over one of `extra`, and that over the default. */
  write(version: number, own: FieldValues, extra: FieldValues): string[] {
    const template = this.template(version);
    const value = lookupIn(own, extra, this.defaults);
    if (!template.conditions.every((holds) => holds(value))) {
      return writeLayout(this.layout, version, { ...this.defaults, ...extra, ...own });
    }
    const fields = template.fields.slice();
    const put = (values: FieldValues): void => {
      for (const name in values) {
        for (const index of template.places.get(name) ?? []) fields[index] = values[name] ?? '';
      }
    };
    put(extra);
    put(own);
    return fields;
  }

  private template(version: number): Template {
    let template = this.templates.get(version);
    if (!template) {
      template = templateOf(this.layout, version, this.defaults);
      this.templates.set(version, template);
    }
    return template;
  }
}
