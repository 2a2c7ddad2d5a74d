/** How many messages a second a broker connection may be set to. */

/**
 * At least 10: a resend that cancels its older group first takes six, and some are kept for protection.
 * At most 50: beyond it IBKR warns, and ends the session at the third time.
 */
export const MESSAGES_PER_SECOND = { min: 10, max: 50 } as const;
