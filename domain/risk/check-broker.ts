/** What the signal asks for and the account's broker can't do: it is denied, and never done by halves (BRK-9). */
import { text } from '../money.js';
import type { Check } from './check.js';
import { finding } from './finding.js';

/** A broker without brackets keeps no two exits that end each other, so the stop stands alone there. */
export const brokerCan: Check = ({ plan, terms }) => {
  const { abilities } = plan.account;
  if (abilities === undefined) return [];
  const { name, brackets, trailingStops, shorts } = abilities;
  const cannot = (measured: string, limit: string) => [finding('BROKER_CANNOT', measured, limit)];
  const hasTarget = terms.targetPrice !== null || terms.takeProfitPct !== null;
  return [
    ...(hasTarget && !brackets
      ? cannot(
          targetText(terms, name),
          'no take_profit or take_profit_pct, in the settings neither',
        )
      : []),
    ...(terms.trailing !== null && !trailingStops
      ? cannot(`trailing_stop, at ${name}`, 'stop_loss or stop_loss_pct')
      : []),
    ...(terms.side === 'SELL' && !shorts ? cannot(`a SELL entry, at ${name}`, 'BUY') : []),
  ];
};

function targetText(
  { targetPrice, takeProfitPct }: Parameters<Check>[0]['terms'],
  name: string,
): string {
  const target = targetPrice === null ? `${takeProfitPct} of the entry` : text(targetPrice);
  return `a target at ${target} beside the stop, at ${name}`;
}
