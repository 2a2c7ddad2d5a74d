/**
 * Server versions of the TWS protocol that this gateway speaks, and the gates between them. A gate is
 * the first version whose messages carry a field. Sources: the decoders of the public clients.
 */

/** Highest version that @stoqey/ib accepts; below 194 errors keep the layout every client knows. */
export const SERVER_VERSION_MAX = 193;
/** Oldest layout spoken here: what `ibapi` 9.81 offers. */
export const SERVER_VERSION_MIN = 157;

export const GATE = {
  DURATION: 158,
  POST_TO_ATS: 160,
  AUTO_CANCEL_PARENT: 162,
  FRACTIONAL_SIZE: 163,
  SIZE_RULES: 164,
  ADVANCED_REJECT: 166,
  MANUAL_ORDER_TIME: 169,
  PEG_BEST_OFFSETS: 170,
  INSTRUMENT_TIME_ZONE: 174,
  BOND_ISSUER_ID: 176,
  NO_FA_PROFILE: 177,
  PENDING_PRICE_REVISION: 178,
  LAST_TRADE_DATE: 182,
  CUSTOMER_ACCOUNT: 183,
  PROFESSIONAL_CUSTOMER: 184,
  BOND_ACCRUED_INTEREST: 185,
  INELIGIBILITY: 186,
  RFQ: 187,
  INCLUDE_OVERNIGHT: 189,
  NO_RFQ: 190,
  CME_TAGGING: 192,
  CME_TAGGING_IN_OPEN_ORDER: 193,
} as const;

/** What a client offered in its first frame: `v100..193 +PACEAPI`. */
export interface VersionOffer {
  min: number;
  max: number;
  /** Text behind the versions, blank-separated options such as `+PACEAPI`. */
  options: string;
}

/** Reads `v<min>..<max>[ options]` or `v<version>`; undefined when it is neither. */
export function readVersionOffer(offer: string): VersionOffer | undefined {
  const match = /^v(\d{1,6})(?:\.\.(\d{1,6}))?(?: (.*))?$/s.exec(offer);
  if (!match) return undefined;
  const min = Number(match[1]);
  return { min, max: match[2] === undefined ? min : Number(match[2]), options: match[3] ?? '' };
}

/**
 * The version to announce, or undefined when the client has to be refused: its newest is too old, its
 * oldest is newer than what this gateway speaks, or it takes nothing but 158.
 */
export function negotiateVersion(offer: VersionOffer, maxVersion: number): number | undefined {
  if (offer.max < SERVER_VERSION_MIN || offer.min > maxVersion) return undefined;
  const version = Math.min(offer.max, maxVersion);
  // ib_async expects `duration` from 159 on, other clients from 158 on: nobody may be given 158.
  if (version !== GATE.DURATION) return version;
  return offer.min < GATE.DURATION ? SERVER_VERSION_MIN : undefined;
}
