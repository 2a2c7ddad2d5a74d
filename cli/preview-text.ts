/** A preview in lines for people. */
import { findingText } from '../contract/finding-text.js';
import type { PreviewOrderView, PreviewView, ShownView } from '../contract/views.js';

/** All that decides it; the checks that passed are counted. */
export function previewText(view: PreviewView): string {
  const { shows } = view;
  const head = `preview ${view.preview_id}  ${view.side} ${view.symbol}  ${view.account_id}  ${view.state}`;
  if (shows === null) return `${head}\n`;
  const lines = [
    head,
    ...quoteLines(shows),
    ...sizingLines(shows),
    ...shows.orders.map((order) => `  ${orderText(order)}`),
    ...costLines(shows),
    ...checkLines(shows),
    ...nextLines(view, shows),
  ];
  return `${lines.join('\n')}\n`;
}

function quoteLines({ quote }: ShownView): string[] {
  const { bid, ask, kind } = (quote ?? {}) as { bid?: string; ask?: string; kind?: string };
  return quote === null ? ['  no quote'] : [`  quote ${bid} to ${ask}, ${kind}`];
}

function sizingLines({ sizing, plan }: ShownView): string[] {
  if (sizing === null) return ['  not sized'];
  const caps = Object.entries(sizing.caps).map(([name, cap]) => `${name} ${cap}`);
  const bound = sizing.bound_by === null ? '' : `, bound by ${sizing.bound_by}`;
  const risk = plan === null ? '' : `, risks ${sizing.risk_amount}`;
  return [
    `  size ${sizing.quantity} of ${sizing.raw_quantity} (${caps.join(', ')})${bound}${risk}`,
  ];
}

/** `STOP SELL 40 STP @ 185 GTC`. */
function orderText(order: PreviewOrderView): string {
  const price = order.limit_price ?? order.stop_price;
  const trail = order.trail_amount ?? order.trail_fraction;
  const words = [order.role, order.side, order.quantity, order.order_type];
  if (price !== null) words.push(`@ ${price}`);
  if (trail !== null) words.push(`trail ${trail}`);
  return [...words, order.time_in_force].join(' ');
}

function costLines({ what_if: cost, what_if_problem: problem }: ShownView): string[] {
  if (cost === null) return [`  margin and commission: ${problem}`];
  const { initial_margin_change: initial, maintenance_margin_change: maintenance } = cost;
  const commission =
    cost.commission === null ? 'not told' : `${cost.commission} ${cost.commission_currency}`;
  const warning = cost.warning_text === '' ? [] : [`  the broker warns: ${cost.warning_text}`];
  return [
    `  margin ${initial ?? 'not told'} initial, ${maintenance ?? 'not told'} maintenance; commission ${commission}`,
    ...warning,
  ];
}

function checkLines({ checks }: ShownView): string[] {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const passed = checks.filter(({ outcome }) => outcome === 'passed').length;
  const unknown = checks.length - failed.length - passed;
  const not = unknown === 0 ? '' : `, ${unknown} not checked`;
  const told = failed.flatMap(({ code, findings }) =>
    findings.map((finding) => `  ${findingText({ code, ...finding })}`),
  );
  return [`  checks: ${passed} passed, ${failed.length} failed${not}`, ...told];
}

function nextLines(
  { preview_id: id, as_shown_until: asShown, expires_at: expires, state }: PreviewView,
  shows: ShownView,
): string[] {
  if (state !== 'approved') return [];
  const approval = shows.needs_approval ? ['  it waits for an approval once it is executed'] : [];
  return [
    ...approval,
    `  as shown until ${asShown}, while about the same until ${expires}: ballast execute ${id}`,
  ];
}
