/** What the account was worth: a point for each value that is kept, hourly in the session and at its end, and for the newest. */
import { useQuery } from '@tanstack/react-query';
import { equityQuery } from '../../api/queries.js';
import type { Now } from '../../api/types.js';
import { isOfAccount } from '../../banner/standing.js';
import { money, place, signed } from '../../format/numbers.js';
import { clock, shortDay } from '../../format/time.js';
import { Empty, Panel, Read } from '../../parts/panel.js';
import { curveTold, lineOf, type Point } from './equity-line.js';

interface Props {
  readonly now: Now;
  readonly account: string | null;
  /** How old an account's values are, where that must be said. */
  readonly old: (account: string) => string | null;
}

export function EquityPanel({ now, account: chosen, old }: Props) {
  // A sum of several would jump where one of them is not told of.
  const account = chosen ?? now.accounts[0]?.account_id ?? null;
  const query = useQuery(equityQuery(account));
  const current = now.accounts.find((each) => each.account_id === account);
  const age = account === null ? null : old(account);
  const aside = current && (
    <>
      {current.account_id} · {money(current.net_liquidation)} {current.base_currency}
      {age !== null && <span className="tone-warn"> · {age}</span>}
    </>
  );
  return (
    <Panel title="Equity" aside={aside}>
      <Read query={query} what="Equity">
        {({ items }) => {
          const told = items
            .filter(isOfAccount(account))
            .map((row) => ({ at: row.at, value: row.net_liquidation }));
          const { values_at: at, net_liquidation: value } = current ?? {};
          const newest = at && value ? [{ at, value }] : [];
          return <Curve points={lineOf([...told, ...newest])} />;
        }}
      </Read>
    </Panel>
  );
}

const WIDTH = 900;
const HEIGHT = 170;
const EDGE = 8;
/** Half a point's width: the first and the last are seen whole. */
const SIDE = 4;

function Curve({ points }: { readonly points: readonly Point[] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) {
    return (
      <div className="curve-empty">
        <Empty title="There is no curve yet.">
          The broker’s values are kept hourly in the session, and at its end.
        </Empty>
      </div>
    );
  }
  const values = points.map(({ value }) => place(value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = high - low || 1;
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / range) * (HEIGHT - 2 * EDGE);
  // By their order, not by the clock: nights and weekends would be most of the line.
  const x = (index: number) => SIDE + (index / (points.length - 1)) * (WIDTH - 2 * SIDE);
  const places = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  const change = signed(String((values.at(-1)! - values[0]!).toFixed(2)));
  const told = `From ${money(first.value)} on ${shortDay(first.at)} to ${money(last.value)}: ${change}. ${curveTold(points)}`;
  return (
    <figure className="curve">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={told}
      >
        <line x1="0" x2={WIDTH} y1={y(values[0]!)} y2={y(values[0]!)} className="curve-base" />
        {/* What was between two values nobody kept: the eye is led from one to the next, and nothing is filled in. */}
        <polyline points={places.join(' ')} className="curve-between" />
        <path d={places.map((at) => `M${at}h0`).join('')} className="curve-points" />
      </svg>
      <figcaption className="small muted">
        <span>
          {shortDay(first.at)} {clock(first.at)} · {money(first.value)}
        </span>
        <span>{curveTold(points)}</span>
        <span>
          {shortDay(last.at)} {clock(last.at)} · {money(last.value)}
        </span>
      </figcaption>
    </figure>
  );
}
