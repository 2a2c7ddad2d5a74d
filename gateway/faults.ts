/**
 * The fault book: which misbehaviours are armed, and who takes them. A fault is armed once (the
 * default), `count` times, or with a `probability` drawn from a `seed`, and is taken by the part that
 * carries it out, at the event that it waits for. `once armed` faults announce themselves instead.
 */
import { FAULT_MENU, FAULT_NAMES } from './fault-menu.js';
import type { FaultDescription, FaultName } from './fault-menu.js';
import { faultNamed } from './fault-names.js';
import { Random } from './market/random.js';

export { FAULT_MENU, FAULT_NAMES } from './fault-menu.js';
export type { FaultName } from './fault-menu.js';

/** Bounds what one caller can make the book remember. */
const ARMED_MAX = 1000;
/** Pause between the repeats of an `once armed` fault with a count, unless `everyMs` says otherwise. */
const REPEAT_MS = 1000;
const DEFAULT_SEED = 1;

export type FaultParams = Record<string, unknown>;
/** What the taker knows of the event; a param of the same name narrows the fault to it. */
export type FaultContext = Record<string, unknown>;

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

export interface FaultListing extends FaultDescription {
  name: FaultName;
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
  if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number;
  throw new RangeError(`"count" must be a whole number from 0, not ${JSON.stringify(count)}`);
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

/** Numbers and texts compare by what they look like, so that 3 and "3" are the same client id. */
function looks(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A param narrows only when the event knows that name: `"symbol":"IBM"` waits for IBM. */
function matches(params: FaultParams, context: FaultContext): boolean {
  return Object.entries(context).every(
    ([key, value]) => params[key] === undefined || looks(params[key]) === looks(value),
  );
}

/**
 * A duration param such as `"seconds": 2`, in milliseconds.
 * Anything but a number from 0 to a day counts as the default.
 */
export function secondsParamMs(params: FaultParams, defaultSeconds: number): number {
  const seconds = params['seconds'];
  const valid = typeof seconds === 'number' && seconds >= 0 && seconds <= 86_400;
  return Math.round((valid ? seconds : defaultSeconds) * 1000);
}

export class FaultBook {
  private entries: Entry[] = [];
  private readonly hits = new Map<FaultName, number>();
  private readonly listeners: { names: readonly FaultName[]; listener: () => void }[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  /**
   * Arms `{name, count?, probability?, seed?, ...params}`; count 0 disarms that name.
   * @returns what is armed now under that name.
   * @throws RangeError naming the field that is wrong, or the names there are.
   */
  arm(body: Record<string, unknown>): ArmedFault[] {
    const { name: asked, count: _count, probability: _probability, seed: _seed, ...params } = body;
    const name = faultNamed(asked);
    const remaining = readCount(body);
    const probability = readProbability(body);
    const random = new Random(readSeed(body));
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
   * Takes the first armed fault of that name whose params fit the context, if it happens now
   * (a fault with a probability may not). Undefined when nothing is to go wrong.
   */
  take(name: FaultName, context: FaultContext = {}): TakenFault | undefined {
    if (this.entries.length === 0) return undefined;
    for (const entry of this.entries) {
      if (entry.name !== name || !matches(entry.params, context)) continue;
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
      ...FAULT_MENU[name],
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
    const everyMs = params['everyMs'];
    const delayMs = typeof everyMs === 'number' && everyMs >= 1 ? everyMs : REPEAT_MS;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.armed(name).length > 0) this.announce(name, params);
    }, delayMs);
    timer.unref();
    this.timers.add(timer);
  }
}
