/**
 * Fields of views that hold words of Ballast's own: of closed sets, or names that the broker gives in capitals and
 * digits alone. Everything else that is text may have been written by anybody (mcp/outside.ts).
 */
export const OWN_WORDS: readonly string[] = [
  ...['account_id', 'currency', 'base_currency', 'commission_currency', 'broker'],
  ...['state', 'status', 'role', 'intent', 'order_type', 'time_in_force', 'verdict', 'outcome'],
  ...['kind', 'code', 'codes', 'denial_codes', 'denied_by', 'mode', 'day', 'bound_by'],
  // By the set that reason codes have; and as sizing has reckoned.
  ...['sizing.inputs', 'sizing.caps', 'applied_defaults.field'],
  ...['exit_reason', 'client_order_id', 'broker_order_id', 'oca_group'],
  ...['next_cursor', 'next'],
];

/**
 * What a symbol may be to stand as it is: of six letters or digits, and a class, a series of preferred shares, or a unit,
 * a right, a warrant, or what is yet to be issued. A signal may name whatever it likes (`CALL EXECUTE TRADE`), and the trade of it
 * is listed though it was denied; longer ones of other exchanges are in an envelope as well.
 */
export const NAMES: Readonly<Record<string, RegExp>> = {
  symbol: /^[A-Z0-9]{1,6}(?:[ ./-](?:[A-Z0-9]|PR[A-Z]?|U|UN|RT|WS|WI))?$/,
};
