/** The first question on every screen, answered at a glance; then mode, link, day, risk, and the age of all of it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useApp } from '../app-state.js';
import { healthQuery } from '../api/queries.js';
import type { Now } from '../api/types.js';
import { useSeen } from '../api/use-now.js';
import { count, kindWord } from '../format/words.js';
import { money, percent } from '../format/numbers.js';
import { clock, span } from '../format/time.js';
import { Badge, Result, ShareBar, When } from '../parts/figures.js';
import { Shield } from '../parts/icons.js';
import { haltOf } from './halt-note.js';
import {
  connectionsOf,
  dayOf,
  isOfAccount,
  isSeeing,
  modeOf,
  openRisk,
  standingOf,
  type Seen,
  type Standing,
} from './standing.js';
import { oldValues } from './value-age.js';

/** The whole banner. */
export function Banner() {
  const { account } = useApp();
  const { seen, error } = useSeen();
  if (seen === null) return <Unseen hasFailed={error !== null} />;
  const standing = standingOf(seen, account);
  return (
    <>
      <div className="banner">
        <AnswerBox standing={standing} />
        <dl className="facts">
          <ModeFact now={seen.now} account={account} />
          <DayFact seen={seen} account={account} />
          <RiskFact now={seen.now} account={account} />
          <LinkFact now={seen.now} account={account} isBlind={standing.blind !== null} />
          <AgeFact seen={seen} />
        </dl>
      </div>
      <News now={seen.now} standing={standing} account={account} />
    </>
  );
}

function Unseen({ hasFailed }: { readonly hasFailed: boolean }) {
  return (
    <div className="banner">
      <div className="answer answer-unknown" role="status" data-answer="unknown">
        <Shield kind="unknown" />
        <strong>{hasFailed ? 'Nothing is known yet' : 'Looking …'}</strong>
        <span>
          {hasFailed
            ? 'Ballast does not answer; it is asked again every second'
            : 'what is held, and what protects it'}
        </span>
      </div>
    </div>
  );
}

function AnswerBox({ standing }: { readonly standing: Standing }) {
  const { answer, blind, held, armed, external } = standing;
  const counted = `${armed} of ${count(held, 'position')} ${held === 1 ? 'has' : 'have'} an armed stop`;
  const known = blind === null ? '' : `Last known at ${clock(blind.knownAt)}: `;
  const { title, text } = {
    protected: { title: 'Protected', text: counted },
    flat: {
      title: external === 0 ? 'Nothing is at risk' : 'No trade is at risk',
      text: external === 0 ? 'No trade holds a position' : 'What is held, no trade looks after',
    },
    unprotected: { title: 'NOT PROTECTED', text: `${known}${counted}` },
    unknown: {
      title: blind === null ? '' : `Last known at ${clock(blind.knownAt)}`,
      text: held === 0 ? 'no trade held a position' : counted,
    },
  }[answer];
  return (
    <div className={`answer answer-${answer}`} role="status" data-answer={answer}>
      <Shield kind={answer} />
      <strong>{title}</strong>
      <span>{text}</span>
    </div>
  );
}

interface FactProps {
  readonly now: Now;
  readonly account: string | null;
}

function ModeFact({ now, account }: FactProps) {
  const { mode, why } = modeOf(now, account);
  const accounts = now.accounts.filter(isOfAccount(account));
  const isPaper = accounts.every(({ is_paper: paper }) => paper);
  const tone = mode === 'HALTED' ? 'bad' : mode === 'REDUCING' ? 'warn' : 'good';
  const glyph = { HALTED: '■', REDUCING: '◧' }[mode] ?? '●';
  return (
    <div className="fact fact-mode" title={why === null ? 'entries may be sent' : haltOf(why).said}>
      <dt>Mode · {accounts.length === 0 ? 'no account yet' : isPaper ? 'paper' : 'LIVE'}</dt>
      <dd>
        <Badge tone={tone} glyph={glyph}>
          {mode}
        </Badge>
      </dd>
    </div>
  );
}

/** A link that was ready when it was last looked at is not said to be so now. */
function LinkFact({ now, account, isBlind }: FactProps & { readonly isBlind: boolean }) {
  const links = connectionsOf(now, account);
  const bad = links.find((link) => !isSeeing(link));
  const parked = links.find(({ parked_reason: reason }) => reason !== null);
  return (
    <div className="fact fact-link" title={parked?.parked_reason ?? undefined}>
      <dt>Link to the broker</dt>
      <dd>
        {links.length === 0 && <Badge glyph="○">none yet</Badge>}
        {links.length > 0 && !bad && !parked && (
          <Badge tone={isBlind ? 'warn' : 'good'} glyph={isBlind ? '?' : '●'}>
            {isBlind ? 'was ready' : 'ready'}
          </Badge>
        )}
        {!bad && parked && (
          <Badge tone="warn" glyph="◐">
            entries wait
          </Badge>
        )}
        {bad && (
          <Badge tone="bad" glyph="○">
            down{bad.down_since && <> since {clock(bad.down_since)}</>}
          </Badge>
        )}
      </dd>
    </div>
  );
}

interface DayProps {
  readonly seen: Seen;
  readonly account: string | null;
}

function DayFact({ seen, account }: DayProps) {
  const days = seen.now.days.filter(isOfAccount(account));
  const { result, currency } = dayOf(days);
  const isReached = days.some((day) => day.loss_reached);
  const at = days[0]?.values_at;
  const old = oldValues(
    seen,
    days.map((day) => day.values_at),
  );
  return (
    <div
      className="fact fact-day"
      title={at ? `by the broker’s values of ${clock(at)}` : undefined}
    >
      <dt>
        Day P&L{currency && `, ${currency}`}
        {isReached && ' · limit reached'}
        {old !== null && <span className="tone-warn"> · {old}</span>}
      </dt>
      <dd>
        <Result value={result} />
      </dd>
    </div>
  );
}

function RiskFact({ now, account }: FactProps) {
  const risk = openRisk(now.exposures.filter(isOfAccount(account)));
  return (
    <div className="fact">
      <dt>
        Open risk{' '}
        {risk?.share && (
          <>
            · {percent(risk.share)} <span className="wide-only">of limit</span>
          </>
        )}
      </dt>
      <dd>
        {money(risk?.used)} <span className="small muted wide-only">of {money(risk?.allowed)}</span>
        {risk !== null && <ShareBar used={risk.used} allowed={risk.allowed} label="Open risk" />}
      </dd>
    </div>
  );
}

function AgeFact({ seen: { now, seenAtMs, nowMs, error } }: { readonly seen: Seen }) {
  const ageMs = Math.max(0, nowMs - seenAtMs);
  const isOld = error !== null;
  return (
    <div className="fact fact-age" title={`read at ${now.at}`}>
      <dt>Shown as of</dt>
      <dd className={isOld ? 'tone-warn' : ''}>
        {clock(now.at)}{' '}
        <span className="small">{ageMs < 3_000 ? 'now' : `${span(ageMs)} ago`}</span>
      </dd>
    </div>
  );
}

/** Those that are no common noun. */
const PART_NAMES: Readonly<Record<string, string>> = { temporal: 'Temporal' };

interface NewsProps extends FactProps {
  readonly standing: Standing;
}

/** What a person must know besides: what can't be seen, what is not protected, what holds entries back. */
function News({ now, standing, account }: NewsProps) {
  const { blind, unarmed, external } = standing;
  const { data: health } = useQuery(healthQuery);
  const parts = (health?.parts ?? []).filter(
    ({ state, name }) => state === 'down' && name !== 'broker link',
  );
  const { mode, why } = modeOf(now, account);
  return (
    <div aria-live="polite">
      {blind !== null && (
        <p className="news news-warn" data-news="blind">
          <strong>
            <When at={blind.knownAt} /> is the last that is known: <bdi>{blind.what}</bdi>.
          </strong>
          {blind.means}
        </p>
      )}
      {unarmed.length > 0 && (
        <p className="news news-bad" data-news="unarmed">
          <strong>Without enough armed stops:</strong>
          {unarmed.map((trade) => (
            <Link key={trade.trade_id} to="/trades/$id" params={{ id: trade.trade_id }}>
              {trade.symbol} {trade.held_quantity}
              {trade.unprotected_since && <> since {clock(trade.unprotected_since)}</>}
            </Link>
          ))}
          <span>
            Ballast repairs this by itself within seconds; if it stays, close the position or place
            a stop in TWS.
          </span>
        </p>
      )}
      {parts.map(({ name, detail }) => (
        <p key={name} className="news news-warn" data-news={name}>
          <strong>{PART_NAMES[name] ?? `The ${name}`} is down:</strong>
          <span>
            <bdi>{detail}</bdi>.
          </span>
          <Link to="/health">Health</Link>
        </p>
      ))}
      {mode !== 'ACTIVE' && (
        <p className="news news-warn" data-news="mode">
          <strong>{mode === 'HALTED' ? 'Nothing is opened' : 'Positions are only reduced'}:</strong>
          <HaltedBy why={why ?? ''} />
          <span>Exits and repairs go on.</span>
        </p>
      )}
      {external > 0 && (
        <p className="news" data-news="external">
          {count(external, 'position')} in the account {external === 1 ? 'belongs' : 'belong'} to no
          trade: Ballast does not protect {external === 1 ? 'it' : 'them'}.
        </p>
      )}
      {now.pauses.length > 0 && (
        <p className="news" data-news="pauses">
          <strong>Paused:</strong>
          {now.pauses.map((pause) => (
            <span key={`${pause.kind}${pause.symbol}${pause.since}`} title={pause.reason}>
              {[kindWord(pause.kind), pause.symbol, pause.strategy_id].filter(Boolean).join(' · ')}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** Who holds entries back, since when, and why. */
function HaltedBy({ why }: { readonly why: string }) {
  const { at, said } = haltOf(why);
  return (
    <>
      {at !== null && (
        <span>
          since <When at={at} />
        </span>
      )}
      <bdi>{said}</bdi>
    </>
  );
}
