/** The instrument of a trade's row, a JSON document. */
import type { Prisma } from './database.js';
import type { Instrument } from '../domain/vocabulary.js';

/** The broker's id of its contract; null before it was resolved, and then nothing of it was ever sent. */
export function contractIdOf(instrument: Prisma.JsonValue): number | null {
  return (instrument as unknown as Instrument).brokerContractId ?? null;
}
