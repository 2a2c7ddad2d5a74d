/** Finds the fault that someone means: by its exact name, or by words that fit no other one. */
import { FAULT_NAMES, isFaultName } from './fault-menu.js';
import type { FaultName } from './fault-menu.js';

/** What else people call these faults: by the code, or by what happens. */
const OTHER_WORDS: Partial<Record<FaultName, string>> = {
  'order-dropped': 'without callback',
  'cut-before-ack': 'socket after receipt acknowledgement',
  'client-id-in-use': '326',
  'connection-lost-1101': '1100',
  'connection-lost-1102': '1100',
  'missing-exec-details': 'execdetails',
  'order-id-rollback': 'roll back',
  'tif-preset-10349': 'fill',
  'modify-110': 'while order lives',
  'second-perm-id': 'permid after modify',
  'oca-overfill': 'type 3',
  stall: 'port open no answers',
};

/** Say nothing of which fault is meant. */
const FILLERS = new Set(['a', 'an', 'and', 'of', 'on', 'the', 'then', 'under', 'with']);

function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? [];
  return words.filter((word) => !FILLERS.has(word));
}

/** Singular and plural are one word. */
const stem = (word: string): string => word.replace(/s$/, '');

const vocabulary = new Map(
  FAULT_NAMES.map((name) => {
    const words = wordsOf(`${name} ${OTHER_WORDS[name] ?? ''}`);
    return [name, new Set(words.map(stem))] as const;
  }),
);

/**
 * The fault meant by a text such as `order-dropped`, `order_dropped`, `bust` or `10349 then fill`.
 * @throws RangeError listing the names when the words fit none, or several
 */
export function faultNamed(asked: unknown): FaultName {
  if (isFaultName(asked)) return asked;
  const words = typeof asked === 'string' ? wordsOf(asked).map(stem) : [];
  const meant = FAULT_NAMES.filter(
    (name) => words.length > 0 && words.every((word) => vocabulary.get(name)?.has(word)),
  );
  const [only, ...others] = meant;
  if (only && others.length === 0) return only;
  const why = only ? `could be ${meant.join(' or ')}` : `known: ${FAULT_NAMES.join(', ')}`;
  throw new RangeError(`no fault ${JSON.stringify(asked)}; ${why}`);
}
