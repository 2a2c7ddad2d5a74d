/** The books beside the broker: what was compared, what was found, what was done. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, http, SLOW_TIMEOUT_MS, withinMs } from '../../api/client.js';
import { queries, reconciliationsQuery } from '../../api/queries.js';
import type { Reconciliation as Report } from '../../api/types.js';
import { useApp, useMay } from '../../app-state.js';
import { isOfAccount } from '../../banner/standing.js';
import { money, NONE } from '../../format/numbers.js';
import { took } from '../../format/time.js';
import { count, words } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import type { Tone } from '../../parts/tone.js';
import { Empty, Panel, Read, Trouble } from '../../parts/panel.js';

const OUTCOMES: Readonly<Record<string, { readonly tone: Tone; readonly glyph: string }>> = {
  clean: { tone: 'good', glyph: '✓' },
  found: { tone: 'warn', glyph: '!' },
  recovery: { tone: 'bad', glyph: '✕' },
  incomplete: { tone: 'warn', glyph: '?' },
};

export function Reconciliation() {
  const { account } = useApp();
  const query = useQuery(reconciliationsQuery);
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>Reconciliation</h1>
        <CompareNow account={account} />
      </div>
      <Read query={query} what="Reports">
        {({ items }) => {
          const shown = items.filter(isOfAccount(account));
          return shown.length === 0 ? (
            <Panel title="Reports">
              <Empty title="Nothing was compared yet.">
                It is at each start, after each break of the link, and every few minutes in the
                session.
              </Empty>
            </Panel>
          ) : (
            <Reports reports={shown} />
          );
        }}
      </Read>
    </div>
  );
}

function CompareNow({ account }: { readonly account: string | null }) {
  const mayCompare = useMay('admin');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const compare = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = account === null ? {} : { account_id: account };
      await answer(http.POST('/api/v1/reconciliations', { body, ...withinMs(SLOW_TIMEOUT_MS) }));
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['reconciliations'] });
    }
  };
  return (
    <div className="row">
      {error !== null && <Trouble error={error} doing="Nothing was compared" />}
      <button
        type="button"
        className="button"
        disabled={!mayCompare || isBusy}
        onClick={() => void compare()}
      >
        {isBusy ? 'Comparing …' : 'Compare now'}
      </button>
    </div>
  );
}

function Reports({ reports }: { readonly reports: readonly Report[] }) {
  return (
    <Panel title="Reports" aside="newest first" isFlush>
      <ul className="list reports">
        {reports.map((report) => (
          <One key={report.reconciliation_id} report={report} />
        ))}
      </ul>
    </Panel>
  );
}

function One({ report }: { readonly report: Report }) {
  const { outcome, findings, compared, more_findings: more } = report;
  const shown = OUTCOMES[outcome ?? ''] ?? { tone: 'quiet' as const, glyph: '…' };
  return (
    <li data-outcome={outcome}>
      <div className="row">
        <Badge tone={shown.tone} glyph={shown.glyph}>
          {outcome === null ? 'under way' : words(outcome)}
        </Badge>
        <When at={report.started_at} />
        <span className="muted small">
          {report.account_id} · by {report.trigger}
          {report.finished_at !== null && ` · ${took(report.started_at, report.finished_at)}`}
        </span>
        {compared !== null && (
          <span className="muted small">
            compared {count(compared.trades, 'trade')},{' '}
            {count(compared.held_contracts, 'held contract')},{' '}
            {count(compared.own_orders_at_broker, 'order')},{' '}
            {count(compared.executions, 'execution')}
          </span>
        )}
        <span className="muted small">
          unexplained {report.unexplained_value === null ? NONE : money(report.unexplained_value)}
        </span>
      </div>
      {report.reason !== null && <p className="small">{report.reason}</p>}
      {findings.length > 0 && (
        <ul className="list findings small">
          {findings.map((finding, i) => (
            <li key={`${finding.kind}${finding.symbol}${i}`}>
              <strong>{words(finding.kind)}</strong> <bdi>{finding.summary}</bdi>
              <span className="sub">
                books: <bdi>{finding.books ?? 'nothing'}</bdi> · broker:{' '}
                <bdi>{finding.broker ?? 'nothing'}</bdi>
                {finding.value !== null && ` · ${money(finding.value)}`}
              </span>
              <span className="sub">
                {words(finding.step)}: <bdi>{finding.why}</bdi> · <bdi>{finding.done}</bdi>
              </span>
              {finding.trade_ids.map((id) => (
                <Link key={id} to="/trades/$id" params={{ id }}>
                  the trade
                </Link>
              ))}
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <p className="small muted">and {more} more: “npx ballast reconcile --json” has all</p>
      )}
    </li>
  );
}
