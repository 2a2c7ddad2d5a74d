/**
 * The fault book: which misbehaviours are armed, and who takes them. A fault is armed once (the
 * default), `count` times, or with a `probability` drawn from a `seed`, and is taken by the part that
 * carries it out, at the event that it waits for. `once armed` faults announce themselves instead.
 */
import { FAULT_MENU, FAULT_NAMES } from './fault-menu.js';
import type { FaultContext, FaultDescription, FaultName } from './fault-menu.js';
import { faultNamed } from './fault-names.js';
import { EVENT_FIELDS, checkFields, describeField } from './fault-params.js';
import type { FieldSpec, FieldSpecs } from './fault-params.js';
import { Random } from './market/random.js';

export { FAULT_MENU, FAULT_NAMES } from './fault-menu.js';
export type { FaultContext, FaultName } from './fault-menu.js';

/** Bounds what one caller can make the book remember. */
const ARMED_MAX = 1000;
/** More than any run has events. */
const COUNT_MAX = 1_000_000;
/** Between the repeats of an `once armed` fault with a count, and until it can happen at all. */
const EVERY_MS: FieldSpec = { kind: 'number', min: 1, max: 86_400_000, default: 1000 };
const DEFAULT_SEED = 1;

/** The fields a fault was armed with, checked, with defaults. */
export type FaultParams = Record<string, unknown>;

/** A fault that happens now, with the params it was armed with. */
export interface TakenFault {
  name: FaultName;
  params: FaultParams;
}

/** One armed fault as `list` shows it. */
export interface ArmedFault {
  name: FaultName;
  /** Times it will still happen; null: without end, by probability. */
  remaining: number | null;
  probability: number;
  params: FaultParams;
}

export interface FaultListing extends Pick<FaultDescription, 'where' | 'at' | 'sentence'> {
  name: FaultName;
  /** What may be given beside count, probability and seed, in words. */
  fields: Record<string, string>;
  /** How often it has happened since the gateway started. */
  hits: number;
  armed: ArmedFault[];
}

interface Entry extends ArmedFault {
  random: Random;
}

function readCount(body: FaultParams): number | null {
  const count = body['count'];
  if (count === undefined) return body['probability'] === undefined ? 1 : null;
  if (Number.isSafeInteger(count) && (count as number) >= 0 && (count as number) <= COUNT_MAX) {
    return count as number;
  }
  const wanted = `a whole number from 0 to ${COUNT_MAX}`;
  throw new RangeError(`"count" must be ${wanted}, not ${JSON.stringify(count)}`);
}

function readProbability(body: FaultParams): number {
  const probability = body['probability'] ?? 1;
  if (typeof probability === 'number' && probability >= 0 && probability <= 1) return probability;
  throw new RangeError(`"probability" must be from 0 to 1, not ${JSON.stringify(probability)}`);
}

function readSeed(body: FaultParams): number {
  const seed = body['seed'] ?? DEFAULT_SEED;
  if (Number.isSafeInteger(seed)) return (seed as number) >>> 0;
  throw new RangeError(`"seed" must be a whole number, not ${JSON.stringify(seed)}`);
}

/** Every field that a fault takes beside count, probability and seed. */
export function fieldsOf(name: FaultName): FieldSpecs {
  const { params, narrowedBy, at } = FAULT_MENU[name] as FaultDescription;
  const narrowing = narrowedBy.map((field) => [field, EVENT_FIELDS[field]] as const);
  return {
    ...params,
    ...Object.fromEntries(narrowing),
    ...(at === 'once armed' && { everyMs: EVERY_MS }),
  };
}

/**
 * An event of which a narrowing field is not known (a symbol, if nobody said it) is not meant. An event
 * may have several values of a field: a stop is a child, too.
 */
function matches<Name extends FaultName>(
  { name, params }: ArmedFault,
  context: FaultContext<Name>,
): boolean {
  const event = context as Readonly<Record<string, unknown>>;
  const { narrowedBy } = FAULT_MENU[name] as FaultDescription;
  return narrowedBy.every((field) => {
    const known = event[field];
    if (params[field] === undefined) return true;
    return Array.isArray(known) ? known.includes(params[field]) : known === params[field];
  });
}

/** The `seconds` of a fault, in milliseconds. */
export function durationMs(params: FaultParams): number {
  return Math.round(Number(params['seconds']) * 1000);
}

export class FaultBook {
  private entries: Entry[] = [];
  private readonly hits = new Map<FaultName, number>();
  private readonly listeners: { names: readonly FaultName[]; listener: () => void }[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  /** `isSymbol` says what is listed; without it any text is a symbol. */
  constructor(private readonly isSymbol: (symbol: string) => boolean = () => true) {}

  /**
   * Arms `{name, count?, probability?, seed?, ...fields}`; count 0 disarms that name.
   * @returns what is armed now under that name.
   * @throws RangeError naming the field that is wrong and what it takes, or the names there are.
   */
  arm(body: Record<string, unknown>): ArmedFault[] {
    const { name: asked, count: _count, probability: _probability, seed: _seed, ...given } = body;
    const name = faultNamed(asked);
    const remaining = readCount(body);
    const probability = readProbability(body);
    const random = new Random(readSeed(body));
    const params = checkFields(name, fieldsOf(name), given, this.isSymbol);
    if (remaining === 0) {
      this.entries = this.entries.filter((entry) => entry.name !== name);
    } else {
      if (this.entries.length >= ARMED_MAX) {
        throw new RangeError(`${ARMED_MAX} faults are armed already; disarm some with "count": 0`);
      }
      this.entries.push({ name, remaining, probability, params, random });
      if (FAULT_MENU[name].at === 'once armed') this.announce(name, params);
    }
    return this.armed(name);
  }

  /**
   * Takes the first armed fault of that name whose narrowing fits the event, if it happens now
   * (a fault with a probability may not). Undefined when nothing is to go wrong. `suits` may leave
   * out faults by their params.
   */
  take<Name extends FaultName>(
    name: Name,
    event: FaultContext<Name>,
    suits: (params: FaultParams) => boolean = () => true,
  ): TakenFault | undefined {
    if (this.entries.length === 0) return undefined;
    for (const entry of this.entries) {
      if (entry.name !== name || !matches(entry, event) || !suits(entry.params)) continue;
      if (entry.probability < 1 && entry.random.next() >= entry.probability) continue;
      if (entry.remaining !== null) {
        entry.remaining -= 1;
        if (entry.remaining === 0) this.entries = this.entries.filter((other) => other !== entry);
      }
      this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
      return { name, params: entry.params };
    }
    return undefined;
  }

  /**
   * Calls the listener (which then calls `take`) whenever a `once armed` fault of these names is due.
   */
  onDue(names: readonly FaultName[], listener: (name: FaultName) => void): void {
    for (const name of names) {
      this.listeners.push({ names: [name], listener: () => listener(name) });
    }
  }

  /** The whole menu: each fault with its sentence, what is armed, and how often it has happened. */
  list(): FaultListing[] {
    return FAULT_NAMES.map((name) => ({
      name,
      where: FAULT_MENU[name].where,
      at: FAULT_MENU[name].at,
      sentence: FAULT_MENU[name].sentence,
      fields: Object.fromEntries(
        Object.entries(fieldsOf(name)).map(([field, spec]) => [field, describeField(spec)]),
      ),
      hits: this.hits.get(name) ?? 0,
      armed: this.armed(name),
    }));
  }

  /** Stops the timers of repeating faults. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private armed(name: FaultName): ArmedFault[] {
    return this.entries
      .filter((entry) => entry.name === name)
      .map(({ remaining, probability, params }) => ({ name, remaining, probability, params }));
  }

  private announce(name: FaultName, params: FaultParams): void {
    for (const { names, listener } of this.listeners) if (names.includes(name)) listener();
    if (this.armed(name).length === 0) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.armed(name).length > 0) this.announce(name, params);
    }, Number(params['everyMs']));
    timer.unref();
    this.timers.add(timer);
  }
}
