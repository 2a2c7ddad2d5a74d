/** Names that cross to the broker (BRK-2). */
import { invariant } from './invariant.js';
import type { LegRole } from './vocabulary.js';

/** Hex of SHA-256; given by the caller, for this folder has no platform. */
export type Sha256Hex = (value: string) => string;

const INSTALLATION_ID = /^[a-z0-9]{8}$/;
/** 96 bits: no two legs of one installation meet. With the installation's id 33 characters, of 40. */
const HASH_LENGTH = 24;

/**
 * The one reference of a leg at the broker: installation id, a dash, a hash of what the leg is. The
 * same leg has the same reference for ever, whoever computes it.
 * @throws Error when the installation id is not 8 characters of a-z and 0-9
 */
export function clientOrderId(
  installationId: string,
  tradeId: string,
  role: LegRole,
  sequence: number,
  sha256Hex: Sha256Hex,
): string {
  invariant(
    INSTALLATION_ID.test(installationId),
    `installation id "${installationId}" is 8 characters of a-z and 0-9`,
  );
  const hash = sha256Hex(`${tradeId}/${role}/${sequence}`).slice(0, HASH_LENGTH);
  return `${installationId}-${hash}`;
}

/** Whether a reference found at the broker was given by this installation. */
export function isOwnReference(installationId: string, reference: string): boolean {
  return reference.startsWith(`${installationId}-`);
}
