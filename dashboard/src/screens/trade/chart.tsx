/** The price around a trade's life, with its entry, its stop as it moved, its target and its fills. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { barsQuery } from '../../api/queries.js';
import type { Bars, TradeWhole } from '../../api/types.js';
import { useNowMs } from '../../parts/ticking.js';
import { drawChart, type Drawn } from './chart-draw.js';

/** What stands goes on to the right edge; it is drawn on this often. */
const REDRAW_MS = 5_000;

export function TradeChart({ trade }: { readonly trade: TradeWhole }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const { data } = useQuery(barsQuery(trade.id));
  const nowMs = Math.floor(useNowMs() / REDRAW_MS) * REDRAW_MS;
  useEffect(() => {
    if (box.current === null) return;
    const chart = drawChart(box.current);
    drawn.current = chart;
    const recolor = () => chart.recolor();
    window.addEventListener('themechange', recolor);
    return () => {
      window.removeEventListener('themechange', recolor);
      chart.end();
      drawn.current = null;
    };
  }, []);
  useEffect(() => {
    if (data) drawn.current?.show(trade, data, nowMs);
  }, [trade, data, nowMs]);
  return (
    <figure className="chart">
      <div className="chart-box" ref={box} role="img" aria-label={toldOf(trade)} />
      <figcaption className="small muted row">
        <Legend />
        <span>{noteOf(data)}</span>
        <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          Charts by TradingView
        </a>
      </figcaption>
    </figure>
  );
}

function Legend() {
  return (
    <>
      <span className="key key-entry">entry</span>
      <span className="key key-stop">stop</span>
      <span className="key key-target">target</span>
    </>
  );
}

function noteOf(bars: Bars | undefined): string {
  if (bars === undefined) return '';
  if (bars.bars.length === 0)
    return 'No prices were kept of that time; fills and exits alone are drawn.';
  const seconds = bars.bar_ms / 1_000;
  return `Middle of bid and ask, bars of ${seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}`;
}

function toldOf({
  symbol,
  average_entry: entry,
  stop_price: stop,
  target_price: target,
}: TradeWhole): string {
  return `Price of ${symbol}: entry ${entry ?? 'none'}, stop ${stop ?? 'none'}, target ${target ?? 'none'}`;
}
