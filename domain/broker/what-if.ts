/** What an order would cost, as the broker says before it is sent (BRK-6). */
import type { DecimalText } from '../money.js';

/** Null where the broker gave no figure: a paper account sometimes tells no commission. */
export interface WhatIfReport {
  readonly initialMarginChange: DecimalText | null;
  readonly maintenanceMarginChange: DecimalText | null;
  readonly equityWithLoanAfter: DecimalText | null;
  readonly commission: DecimalText | null;
  readonly commissionCurrency: string;
  readonly warningText: string;
}
