/** What protected it, every second that something was held. */
import type { TradeWhole } from '../../api/types.js';
import { price, quantity } from '../../format/numbers.js';
import { span, took } from '../../format/time.js';
import { Badge, When } from '../../parts/figures.js';
import { Empty, Panel } from '../../parts/panel.js';
import { useNowMs } from '../../parts/ticking.js';
import { protectionSpans, protectionTotals, type ProtectionSpan } from './protection.js';

const COVERS = {
  armed: { tone: 'good', glyph: '✓', word: 'covered' },
  short: { tone: 'bad', glyph: '✕', word: 'not covered' },
  excess: { tone: 'warn', glyph: '!', word: 'more than is held' },
} as const;

export function ProtectionPanel({ trade }: { readonly trade: TradeWhole }) {
  const nowMs = useNowMs();
  const spans = protectionSpans(trade);
  const { heldMs, shortMs } = protectionTotals(spans, nowMs);
  if (spans.length === 0) {
    return (
      <Panel title="What protected it">
        <Empty title="Nothing was held, so nothing had to be protected." />
      </Panel>
    );
  }
  const aside =
    shortMs === 0 ? (
      <span className="tone-good">covered all of {span(heldMs)}</span>
    ) : (
      <span className="tone-bad">
        {shortMs < 10_000 ? `${(shortMs / 1_000).toFixed(3)} s` : span(shortMs)} of {span(heldMs)}{' '}
        without enough stops
      </span>
    );
  return (
    <Panel title="What protected it" aside={aside} isFlush>
      <div className="table-wrap" tabIndex={0} role="group" aria-label="What protected it">
        <table className="table">
          <thead>
            <tr>
              <th>From</th>
              <th className="num">For</th>
              <th className="num">Held</th>
              <th>Stops at the broker</th>
              <th>Cover</th>
            </tr>
          </thead>
          <tbody>
            {spans.map((each) => (
              <Row key={each.from} each={each} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ each, nowMs }: { readonly each: ProtectionSpan; readonly nowMs: number }) {
  const { tone, glyph, word } = COVERS[each.cover];
  return (
    <tr>
      <td>
        <When at={each.from} />
      </td>
      <td className="num">
        {each.until === null ? span(nowMs - Date.parse(each.from)) : took(each.from, each.until)}
      </td>
      <td className="num">{quantity(each.held)}</td>
      <td>
        {each.stops.length === 0
          ? 'none'
          : each.stops
              .map(
                (stop) =>
                  `${quantity(stop.quantity)} at ${stop.price === null ? 'a trailing price' : price(stop.price)}`,
              )
              .join(', ')}
      </td>
      <td>
        <Badge tone={tone} glyph={glyph}>
          {word}
        </Badge>
      </td>
    </tr>
  );
}
