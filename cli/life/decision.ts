/** A decision in words: the sizing with every cap, and the verdict with every code. */
import { findingText } from '../../contract/finding-text.js';
import type { DecisionView, PlanView, SizingView } from '../../contract/views.js';
import { money, percent, price } from '../print.js';
import { line, type LifeLine } from './line.js';

/** Sizing and verdict of one decision. */
export function decisionLines(decision: DecisionView): LifeLine[] {
  const at = decision.decided_at;
  const sizing = decision.sizing ? sizingLines(at, decision.sizing) : [];
  return [...sizing, ...(decision.verdict === 'approved' ? approval(decision) : denial(decision))];
}

function sizingLines(at: string, sizing: SizingView): LifeLine[] {
  const { inputs, raw_quantity: raw, caps, bound_by: bound } = sizing;
  const asked = inputs['quantity'];
  const { equity, risk_pct: risk, entry_price: entry, stop_price: stop } = inputs;
  const wanted = asked
    ? `${asked} shares asked for`
    : `${raw} shares put ${percent(risk ?? '0')} of ${money(equity ?? '0')} at risk`;
  const lines = [
    line(at, 'sizing', `${wanted}: entry ${price(entry ?? '0')}, stop ${price(stop ?? '0')}`),
  ];
  const { fx_rate: rate, fx_rate_at: rateAt, currency, base_currency: base } = inputs;
  if (rate) lines.push(line(at, '', `one ${currency} is ${rate} ${base}, as of ${rateAt}`));
  const capTexts = Object.entries(caps).map(
    ([name, cap]) => `${name.replaceAll('_', ' ')} ${cap}${name === bound ? ' (bound)' : ''}`,
  );
  lines.push(line(at, '', `caps: ${capTexts.join(' · ')}`));
  if (sizing.approved) lines.push(line(at, '', outcome(sizing)));
  return lines;
}

function outcome(sizing: SizingView): string {
  const parts = [`${sizing.quantity} shares`];
  if (sizing.position_value) parts.push(`value ${money(sizing.position_value)}`);
  if (sizing.risk_amount && sizing.risk_percent) {
    parts.push(`risk ${money(sizing.risk_amount)} (${percent(sizing.risk_percent)} of equity)`);
  }
  if (sizing.reward_risk) parts.push(`reward to risk ${sizing.reward_risk}`);
  return parts.join(' · ');
}

function approval({ decided_at: at, plan }: DecisionView): LifeLine[] {
  if (plan === null) return [line(at, 'verdict', 'approved', 'good')];
  const defaults = plan.applied_defaults.map(({ field, value }) =>
    line(at, '', `default applied: ${field} ${value}`, 'quiet'),
  );
  return [line(at, 'verdict', `approved: ${planText(plan)}`, 'good'), ...defaults];
}

function planText(plan: PlanView): string {
  const { limit_price: limit } = plan.entry;
  const how =
    limit === null ? `market, about ${price(plan.reference_price)}` : `limit ${price(limit)}`;
  const target = plan.target_price === null ? '' : `, target ${price(plan.target_price)}`;
  return `${plan.side} ${plan.quantity} at ${how}, stop ${price(plan.stop_price)}${target}`;
}

function denial({ decided_at: at, findings }: DecisionView): LifeLine[] {
  const [first, ...rest] = findings.map(findingText);
  return [
    line(at, 'verdict', `DENIED ${first ?? ''}`, 'bad'),
    ...rest.map((text) => line(at, '', `       ${text}`, 'bad')),
  ];
}
