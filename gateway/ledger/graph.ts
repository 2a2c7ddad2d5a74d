/**
 * Objects that refer to one another, as JSON and back, with who is the same as whom. Made for books that
 * are costly to make again from what happened: plain objects, arrays, maps, sets, decimals, and instances
 * of classes. What a constructor makes and JSON can't hold (functions) is kept from a new instance.
 *
 * A value is itself, or an array: `['r', id]` one that is referred to several times (listed once, by id),
 * `['d', text]` a decimal, `['u']` undefined, `['n', text]` a number beyond JSON, `['o', {…}]` an object,
 * `['a', […]]`, `['m', [key, value, …]]`, `['s', […]]`, and `['c', class name, {…}, function, …]` an
 * instance with the names of its functions.
 */
import { Decimal, decimal, text } from '../../domain/money.js';

type Fields = Record<string, Encoded>;
export type Encoded = null | boolean | number | string | EncodedNode;
type EncodedNode =
  | ['r', number]
  | ['d' | 'n', string]
  | ['u']
  | ['o', Fields]
  | ['a' | 'm' | 's', Encoded[]]
  | ['c', string, Fields, ...string[]];

/** A graph as JSON can hold it: the values that are referred to several times, the root first. */
export type EncodedGraph = Encoded[];

/** Makes an instance of a class, of which no part is needed but what its constructor sets up. */
export type Makers = Readonly<Record<string, (fields: Readonly<Fields>) => object>>;

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

/** Own fields but functions. */
function* fieldsOf(value: object): Generator<[string, unknown]> {
  for (const entry of Object.entries(value)) if (typeof entry[1] !== 'function') yield entry;
}

function* partsOf(value: object): Generator {
  if (value instanceof Map) for (const [key, item] of value) yield* [key, item];
  else if (value instanceof Set || Array.isArray(value)) yield* value as Iterable<unknown>;
  else for (const [, item] of fieldsOf(value)) yield item;
}

const isNode = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Decimal);

/** Every object below the root, with whether it is referred to more than once. */
function countReferences(root: object): Map<object, boolean> {
  const seen = new Map<object, boolean>([[root, true]]);
  const open = [root];
  for (let value = open.pop(); value; value = open.pop()) {
    for (const part of partsOf(value)) {
      if (!isNode(part)) continue;
      if (!seen.has(part)) open.push(part);
      seen.set(part, seen.has(part));
    }
  }
  return seen;
}

class Encoder {
  private readonly ids = new Map<object, number>();
  private readonly shared: object[] = [];

  constructor(private readonly references: Map<object, boolean>) {}

  graph(root: object): EncodedGraph {
    this.idOf(root);
    const nodes: EncodedGraph = [];
    for (let id = 0; id < this.shared.length; id += 1) nodes.push(this.node(this.shared[id]!));
    return nodes;
  }

  private idOf(value: object): number {
    let id = this.ids.get(value);
    if (id === undefined) {
      id = this.shared.push(value) - 1;
      this.ids.set(value, id);
    }
    return id;
  }

  private value(value: unknown): Encoded {
    if (isNode(value)) {
      return this.references.get(value) ? ['r', this.idOf(value)] : this.node(value);
    }
    if (value instanceof Decimal) return ['d', text(value)];
    if (value === undefined) return ['u'];
    if (typeof value === 'number' && !Number.isFinite(value)) return ['n', String(value)];
    return value as Encoded;
  }

  private node(value: object): EncodedNode {
    if (Array.isArray(value)) return ['a', value.map((item) => this.value(item))];
    if (value instanceof Set) return ['s', [...value].map((item) => this.value(item))];
    if (value instanceof Map) return ['m', [...value].flat().map((item) => this.value(item))];
    const fields: Fields = {};
    for (const [name, item] of fieldsOf(value)) fields[name] = this.value(item);
    if (isPlain(value)) return ['o', fields];
    const functions = Object.keys(value).filter((name) => !(name in fields));
    return ['c', value.constructor.name, fields, ...functions];
  }
}

/** Everything that is reached from the root, as JSON can hold it. */
export function encodeGraph(root: object): EncodedGraph {
  return new Encoder(countReferences(root)).graph(root);
}

/** @throws Error when the instance lacks a function that the old one had */
function checkFunctions(name: string, functions: readonly string[], made: object): void {
  const missing = functions.filter((each) => typeof Reflect.get(made, each) !== 'function');
  if (missing.length > 0) throw new Error(`${name} was made without ${missing.join(', ')}`);
}

class Decoder {
  private readonly objects: (object | undefined)[] = [];

  constructor(
    private readonly nodes: EncodedGraph,
    private readonly makers: Makers,
  ) {}

  /** Fills a new instance of the root's class with what the root held. */
  fill(root: object): void {
    this.adopt(['r', 0], root);
    for (let id = 0; id < this.nodes.length; id += 1) {
      this.fillNode(this.nodes[id] as EncodedNode, this.object(id));
    }
  }

  /** Notes which new object stands for which old one, as far as the constructors have made them. */
  private adopt(encoded: Encoded, made: unknown): void {
    if (!Array.isArray(encoded) || !isNode(made)) return;
    let node: EncodedNode = encoded;
    if (node[0] === 'r') {
      if (this.objects[node[1]]) return;
      this.objects[node[1]] = made;
      node = this.nodes[node[1]] as EncodedNode;
    }
    if (node[0] !== 'c') return;
    for (const [name, field] of Object.entries(node[2])) {
      this.adopt(field, (made as Record<string, unknown>)[name]);
    }
  }

  private object(id: number): object {
    return (this.objects[id] ??= this.make(this.nodes[id] as EncodedNode));
  }

  /** An empty object for a node. */
  private make(node: EncodedNode): object {
    switch (node[0]) {
      case 'a':
        return [];
      case 'm':
        return new Map();
      case 's':
        return new Set();
      case 'c': {
        const maker = this.makers[node[1]];
        if (!maker) throw new Error(`no maker of ${node[1]}`);
        return maker(node[2]);
      }
      default:
        return {};
    }
  }

  private value(encoded: Encoded, made: unknown): unknown {
    if (!Array.isArray(encoded)) return encoded;
    switch (encoded[0]) {
      case 'r':
        return this.object(encoded[1]);
      case 'd':
        return decimal(encoded[1]);
      case 'n':
        return Number(encoded[1]);
      case 'u':
        return undefined;
      default: {
        const isSame = isNode(made) && encoded[0] === 'c' && made.constructor.name === encoded[1];
        const object = isSame ? made : this.make(encoded);
        this.fillNode(encoded, object);
        return object;
      }
    }
  }

  private fillNode(node: EncodedNode, object: object): void {
    if (node[0] === 'a') {
      (object as unknown[]).length = 0;
      for (const item of node[1]) (object as unknown[]).push(this.value(item, undefined));
    } else if (node[0] === 's') {
      (object as Set<unknown>).clear();
      for (const item of node[1]) (object as Set<unknown>).add(this.value(item, undefined));
    } else if (node[0] === 'm') this.fillMap(node[1], object as Map<unknown, unknown>);
    else if (node[0] === 'o' || node[0] === 'c') {
      const fields = node[0] === 'o' ? node[1] : node[2];
      const target = object as Record<string, unknown>;
      for (const name in fields) target[name] = this.value(fields[name] as Encoded, target[name]);
      if (node[0] === 'c') checkFunctions(node[1], node.slice(3) as string[], target);
    }
  }

  private fillMap(items: readonly Encoded[], map: Map<unknown, unknown>): void {
    map.clear();
    for (let index = 0; index < items.length; index += 2) {
      const key = this.value(items[index] as Encoded, undefined);
      map.set(key, this.value(items[index + 1] as Encoded, undefined));
    }
  }
}

/**
 * Fills `root`, a new instance, with what the encoded one held.
 * @param makers how to make instances that no constructor of the root makes
 * @throws Error naming a class that nobody makes, or that is made otherwise than it was
 */
export function decodeGraph(nodes: EncodedGraph, makers: Makers, root: object): void {
  new Decoder(nodes, makers).fill(root);
}
