/** What protected it, every second that something was held. */
import type { TradeWhole } from '../../api/types.js';
import { price, quantity } from '../../format/numbers.js';
import { clock, span, took } from '../../format/time.js';
import { Badge, When } from '../../parts/figures.js';
import { Empty, Panel } from '../../parts/panel.js';
import { useNowMs } from '../../parts/ticking.js';
import { stopDelayTold } from './stop-delay.js';
import { protectionSpans, protectionTotals, type ProtectionSpan } from './protection.js';

const COVERS = {
  armed: { tone: 'good', glyph: '✓', word: 'covered' },
  short: { tone: 'bad', glyph: '✕', word: 'not covered' },
  excess: { tone: 'warn', glyph: '!', word: 'more than is held' },
} as const;

interface Props {
  readonly trade: TradeWhole;
  /** Null: what is shown is of now. What nobody saw since is not told as if somebody had. */
  readonly knownAt: string | null;
}

export function ProtectionPanel({ trade, knownAt }: Props) {
  const nowMs = useNowMs();
  const spans = protectionSpans(trade);
  const isOpen = spans.at(-1)?.until === null;
  const lastAt = isOpen ? knownAt : null;
  const endMs = lastAt === null ? nowMs : Math.min(nowMs, Date.parse(lastAt));
  const { heldMs, shortMs } = protectionTotals(spans, endMs);
  const known = lastAt === null ? '' : `, last known at ${clock(lastAt)}`;
  if (spans.length === 0) {
    return (
      <Panel title="What protected it">
        <Empty title="Nothing was held, so nothing had to be protected." />
      </Panel>
    );
  }
  const aside =
    shortMs === 0 ? (
      <span className={lastAt === null ? 'tone-good' : 'tone-warn'}>
        covered all of {span(heldMs)}
        {known}
      </span>
    ) : (
      <span className="tone-bad">
        {shortMs < 10_000 ? `${(shortMs / 1_000).toFixed(3)} s` : span(shortMs)} of {span(heldMs)}{' '}
        without enough stops
        {known}
      </span>
    );
  const delay = stopDelayTold(trade);
  return (
    <Panel
      title="What protected it"
      aside={aside}
      isFlush
      {...(delay !== null && { footer: <span data-told="stop-delay">{delay}</span> })}
    >
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
              <Row key={each.from} each={each} nowMs={endMs} lastAt={lastAt} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

interface RowProps {
  readonly each: ProtectionSpan;
  readonly nowMs: number;
  readonly lastAt: string | null;
}

function Row({ each, nowMs, lastAt }: RowProps) {
  const { tone, glyph, word } = COVERS[each.cover];
  const isSeen = each.until !== null || lastAt === null;
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
        {isSeen || each.cover === 'short' ? (
          <Badge tone={tone} glyph={glyph}>
            {word}
          </Badge>
        ) : (
          <Badge tone="warn" glyph="?">
            was {word}
          </Badge>
        )}
      </td>
    </tr>
  );
}
