/**
 * Fields of views that hold words of Ballast's own: of closed sets, or names that the broker gives in capitals and
 * digits alone. Everything else that is text may have been written by anybody (mcp/outside.ts).
 */
export const OWN_WORDS: readonly string[] = [
  ...['account_id', 'symbol', 'currency', 'base_currency', 'commission_currency', 'broker'],
  ...['state', 'status', 'role', 'intent', 'order_type', 'time_in_force', 'verdict', 'outcome'],
  ...['kind', 'code', 'codes', 'denial_codes', 'denied_by', 'mode', 'day', 'bound_by'],
  // By the set that reason codes have; and as sizing has reckoned.
  ...['sizing.inputs', 'sizing.caps', 'applied_defaults.field'],
  ...['exit_reason', 'client_order_id', 'broker_order_id', 'oca_group'],
  ...['next_cursor', 'next'],
];
