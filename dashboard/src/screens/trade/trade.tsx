/** One trade, told to someone who was asleep: asked, sized, sent, answered, protected, ended, paid for. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useApp } from '../../app-state.js';
import { RefusedError } from '../../api/problem.js';
import { tradeQuery } from '../../api/queries.js';
import type { TradeWhole } from '../../api/types.js';
import { useSeen } from '../../api/use-now.js';
import { protectionKnownAt } from '../../banner/standing.js';
import { clock } from '../../format/time.js';
import { quantity } from '../../format/numbers.js';
import { words } from '../../format/words.js';
import { Badge, Result } from '../../parts/figures.js';
import { Empty, Loading, Panel, Read } from '../../parts/panel.js';
import { Actions } from './actions.js';
import { Asked } from './asked.js';
import { Commands } from './commands.js';
import { Orders } from './orders.js';
import { Outcome } from './outcome.js';
import { ProtectionPanel } from './protection-panel.js';
import { SizingPanel } from './sizing-panel.js';
import { cameToNothing, sharesOf, stateGlyph, stateTone } from './state.js';
import { Timeline } from './timeline.js';

const Chart = lazy(() => import('./chart.js').then(({ TradeChart }) => ({ default: TradeChart })));

export function TradePage() {
  const { id } = useParams({ from: '/trades/$id' });
  const query = useQuery(tradeQuery(id));
  // What can be no id is refused with 400.
  if (query.error instanceof RefusedError && [400, 404].includes(query.error.status)) {
    return (
      <Empty title="There is no such trade.">
        <Link to="/trades">Trades</Link> has those there are.
      </Empty>
    );
  }
  return (
    <Read query={query} what="The trade">
      {/* What was entered for one trade is nothing of the next. */}
      {(trade) => (
        <Whole
          key={trade.id}
          trade={trade}
          read={{ atMs: query.dataUpdatedAt, hasFailed: query.error !== null }}
        />
      )}
    </Read>
  );
}

interface WholeProps {
  readonly trade: TradeWhole;
  /** When it was read, and whether a later look came to nothing. */
  readonly read: { readonly atMs: number; readonly hasFailed: boolean };
}

function Whole({ trade, read }: WholeProps) {
  const { seen } = useSeen();
  const knownAt = protectionKnownAt(seen, trade.account_id, read);
  const isNothing = cameToNothing(trade);
  return (
    <div className="screen" data-trade={trade.id} data-state={trade.state}>
      <Title trade={trade} knownAt={knownAt} />
      <Actions trade={trade} />
      <Commands trade={trade} />
      <div className="two">
        <div className="stack">
          {isNothing ? <SizingPanel trade={trade} /> : <Price trade={trade} />}
          <ProtectionPanel trade={trade} knownAt={knownAt} />
          <Orders trade={trade} />
          <Timeline trade={trade} />
        </div>
        <div className="stack">
          <Outcome trade={trade} />
          <Asked trade={trade} />
          {!isNothing && <SizingPanel trade={trade} />}
        </div>
      </div>
    </div>
  );
}

function Price({ trade }: { readonly trade: TradeWhole }) {
  return (
    <Panel title="Price, and where the exits stood" aside="New York time">
      <Suspense fallback={<Loading what="The chart" />}>
        <Chart trade={trade} />
      </Suspense>
    </Panel>
  );
}

interface TitleProps {
  readonly trade: TradeWhole;
  readonly knownAt: string | null;
}

function Title({ trade, knownAt }: TitleProps) {
  const { session } = useApp();
  const isHeld = trade.held_quantity !== '0';
  const shares = sharesOf(trade);
  return (
    <div className="screen-head">
      <div className="row">
        <h1>
          {trade.side} {shares !== null && quantity(shares)} {trade.symbol}
        </h1>
        <Badge tone={stateTone(trade)} glyph={stateGlyph(trade)}>
          {words(trade.state)}
        </Badge>
        {isHeld && <HeldBadge isProtected={trade.is_protected} knownAt={knownAt} />}
        {trade.realized_pnl !== null && (
          <strong>
            <Result value={trade.realized_pnl} />
          </strong>
        )}
      </div>
      <div className="row small">
        <span className="muted mono" title="the trade’s id">
          {trade.id}
        </span>
        {session.workflows_url !== null && (
          <a href={`${session.workflows_url}trade-${trade.id}`} target="_blank" rel="noreferrer">
            Workflow in Temporal ↗
          </a>
        )}
      </div>
    </div>
  );
}

interface HeldProps {
  readonly isProtected: boolean;
  readonly knownAt: string | null;
}

function HeldBadge({ isProtected, knownAt }: HeldProps) {
  if (!isProtected) {
    return (
      <Badge tone="bad" glyph="✕">
        no armed stop
      </Badge>
    );
  }
  if (knownAt === null) return <Badge tone="good">stop armed</Badge>;
  return (
    <Badge tone="warn" glyph="?">
      stop armed, last known at {clock(knownAt)}
    </Badge>
  );
}
