/** What waits for a person's word, the most urgent first. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, http, withinMs } from '../../api/client.js';
import { approvalsQuery, queries } from '../../api/queries.js';
import type { Approval } from '../../api/types.js';
import { useApp, useMay } from '../../app-state.js';
import { isOfAccount } from '../../banner/standing.js';
import { money, price, quantity } from '../../format/numbers.js';
import { span } from '../../format/time.js';
import { Badge, When } from '../../parts/figures.js';
import { Ask } from '../../parts/confirm.js';
import { Empty, Panel, Read } from '../../parts/panel.js';
import { useNowMs } from '../../parts/ticking.js';
import { Tile } from './tile.js';

/** The rest of the time is short: it is told so. */
const SOON_MS = 60_000;

export function Approvals() {
  const { account } = useApp();
  const query = useQuery(approvalsQuery);
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>Approvals</h1>
        <p className="muted small">
          What is approved is checked anew, and sent only if it still passes.
        </p>
      </div>
      <Read query={query} what="Approvals">
        {({ items }) => {
          const shown = items.filter(isOfAccount(account));
          if (shown.length > 0) {
            return shown.map((each) => <One key={each.trade_id} approval={each} />);
          }
          return (
            <Panel title="Waiting for your word">
              <Empty title="No signal waits for you.">
                Which strategies ask is set on <Link to="/strategies">Strategies</Link>.
              </Empty>
            </Panel>
          );
        }}
      </Read>
    </div>
  );
}

function One({ approval }: { readonly approval: Approval }) {
  const nowMs = useNowMs();
  const leftMs = Date.parse(approval.expires_at) - nowMs;
  const { side, symbol, quantity: shares } = approval;
  return (
    <Panel
      title={`${side} ${quantity(shares)} ${symbol}`}
      aside={
        <Badge tone={leftMs < SOON_MS ? 'warn' : 'quiet'} glyph="◷">
          {leftMs > 0 ? `${span(leftMs)} left` : 'its time is over'}
        </Badge>
      }
    >
      <div className="stack" data-approval={approval.signal_id}>
        <p>{approval.summary}</p>
        <dl className="tiles">
          <Tile name="Shares" value={quantity(shares)} />
          <Tile name="Price" value={price(approval.price)} />
          <Tile name="Stop" value={price(approval.stop_price)} />
          <Tile name="Target" value={price(approval.target_price)} />
          <Tile name="At risk to the stop" value={money(approval.risk)} />
        </dl>
        <div className="row">
          <Decide approval={approval} word="approve" />
          <Decide approval={approval} word="reject" />
          <Link to="/trades/$id" params={{ id: approval.trade_id }}>
            Why this size
          </Link>
          <span className="small muted">
            {approval.strategy_id} · {approval.account_id} · asked <When at={approval.asked_at} />
          </span>
        </div>
      </div>
    </Panel>
  );
}

const PATHS = {
  approve: '/api/v1/signals/{id}/approve',
  reject: '/api/v1/signals/{id}/reject',
} as const;

function Decide({
  approval,
  word,
}: {
  readonly approval: Approval;
  readonly word: keyof typeof PATHS;
}) {
  const mayApprove = useMay('approve');
  const [reason, setReason] = useState('');
  const { side, symbol, quantity: shares, signal_id: id, trade_id: tradeId } = approval;
  const isApproval = word === 'approve';
  const what = `${side} ${quantity(shares)} ${symbol}`;
  const decide = async (key: string) => {
    const params = { path: { id }, header: { 'idempotency-key': key } };
    const body = reason.trim() === '' ? {} : { reason: reason.trim() };
    await answer(http.POST(PATHS[word], { params, body, ...withinMs() }));
    void queries.invalidateQueries({ queryKey: ['trade', tradeId] });
    await queries.invalidateQueries({ queryKey: ['approvals'] });
  };
  return (
    <Ask
      label={isApproval ? 'Approve …' : 'Reject …'}
      className={isApproval ? 'button button-main' : 'button'}
      isDisabled={!mayApprove}
      hint={mayApprove ? undefined : 'this session has no scope “approve”'}
      title={isApproval ? `Let ${what} go on?` : `Deny ${what}?`}
      action={isApproval ? `Approve ${what}` : `Reject ${what}`}
      isDanger={!isApproval}
      onConfirm={decide}
    >
      {isApproval ? (
        <p>
          About {price(approval.price)}, stop at {price(approval.stop_price)}:{' '}
          {money(approval.risk)} at risk. Price, size and all checks are made again; what does not
          pass any more is denied, not sent.
        </p>
      ) : (
        <p>The signal is denied for good. The same signal again is the same denial.</p>
      )}
      <label className="field">
        <span>Reason, for the record (may be left out)</span>
        <input
          className="input"
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </label>
    </Ask>
  );
}
