/** The chart itself: lightweight-charts with the page's colours, on New York's clock. */
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  LineSeries,
  LineStyle,
  LineType,
  type IChartApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Bars, TradeWhole } from '../../api/types.js';
import { clock, day, shortDay } from '../../format/time.js';
import {
  candlesOf,
  fillLine,
  fillMarks,
  levelLine,
  secondsOf,
  stopLine,
  withPlaces,
  type LinePoint,
} from './chart-lines.js';

export interface Drawn {
  show(trade: TradeWhole, bars: Bars, nowMs: number): void;
  recolor(): void;
  end(): void;
}

const HEIGHT_PX = 320;
/** At either side of what is drawn, of its length. */
const ROOM_SHARE = 0.05;
const stamped = <T extends { readonly time: number }>(points: readonly T[]) =>
  points as readonly (T & { time: UTCTimestamp })[] as (T & { time: UTCTimestamp })[];
const colorOf = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const msOf = (time: Time) => (time as number) * 1_000;

/** Draws an empty chart into a box. */
export function drawChart(box: HTMLElement): Drawn {
  const chart = createChart(box, {
    ...{ height: HEIGHT_PX, autoSize: true },
    layout: { attributionLogo: false, fontSize: 11 },
    localization: { timeFormatter: (time: Time) => `${day(msOf(time))} ${clock(msOf(time))}` },
    timeScale: {
      ...{ timeVisible: true, secondsVisible: true },
      tickMarkFormatter: (time: Time, kind: number) =>
        kind < 3 ? shortDay(msOf(time)) : clock(msOf(time)),
    },
    handleScroll: { mouseWheel: false },
    handleScale: { mouseWheel: false },
  });
  const series = seriesOf(chart);
  const marks = createSeriesMarkers<Time>(series.path, []);
  let isHandled = false;
  const handled = () => (isHandled = true);
  box.addEventListener('pointerdown', handled);
  let shown: TradeWhole | null = null;
  const mark = () => {
    if (shown !== null) marks.setMarkers(fillMarks(shown).map(markerOf));
  };
  const recolor = () => {
    paint(chart, series);
    mark();
  };
  recolor();
  let isOver = false;
  let places = 0;
  const fit = () => {
    if (isOver || places === 0) return;
    // A mark at the edge has room for its words. Told by number: what the chart fits itself, it has not fitted yet.
    const room = Math.max(1, places * ROOM_SHARE);
    chart.timeScale().setVisibleLogicalRange({ from: -room, to: places - 1 + room });
  };
  return {
    show: (trade, bars, nowMs) => {
      shown = trade;
      const candles = withPlaces(candlesOf(bars), secondsOf(trade, nowMs));
      const path = candles
        .flatMap((candle) => ('close' in candle ? [candle] : []))
        .map(({ time, close }) => ({ time, value: close }));
      const drawn = {
        candles,
        path: withFills(path, fillLine(trade)),
        stop: stopLine(trade, nowMs),
        target: levelLine(trade, trade.target_price, nowMs),
        entry: levelLine(trade, trade.average_entry, nowMs),
      };
      series.candles.setData(stamped(drawn.candles));
      series.path.setData(stamped(drawn.path));
      series.stop.setData(stamped(drawn.stop));
      series.target.setData(stamped(drawn.target));
      series.entry.setData(stamped(drawn.entry));
      const times = Object.values(drawn).flatMap((points) => points.map(({ time }) => time));
      places = new Set(times).size;
      mark();
      // Who looks at a part of it goes on looking at that.
      if (!isHandled) onceLaidOut(fit);
    },
    recolor,
    end: () => {
      isOver = true;
      box.removeEventListener('pointerdown', handled);
      chart.remove();
    },
  };
}
/** The box has its size with the frame after the next: what is fitted before fits no width. */
function onceLaidOut(work: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(work));
}

/** The line that marks stand on has a point at each of them. */
function withFills(path: readonly LinePoint[], fills: readonly LinePoint[]): LinePoint[] {
  const points = new Map([...path, ...fills].map((point) => [point.time, point]));
  return [...points.values()].sort((a, b) => a.time - b.time);
}

type Series = ReturnType<typeof seriesOf>;

function seriesOf(chart: IChartApi) {
  const quiet = {
    priceLineVisible: false,
    lastValueVisible: true,
    crosshairMarkerVisible: false,
  } as const;
  return {
    candles: chart.addSeries(CandlestickSeries, { priceLineVisible: false, borderVisible: false }),
    path: chart.addSeries(LineSeries, { ...quiet, lastValueVisible: false, lineVisible: false }),
    entry: chart.addSeries(LineSeries, { ...quiet, lineWidth: 1, lineStyle: LineStyle.Dashed }),
    stop: chart.addSeries(LineSeries, { ...quiet, lineWidth: 2, lineType: LineType.WithSteps }),
    target: chart.addSeries(LineSeries, { ...quiet, lineWidth: 1 }),
  };
}

function paint(chart: IChartApi, { candles, path, entry, stop, target }: Series): void {
  const [line, muted] = [colorOf('line'), colorOf('muted')];
  chart.applyOptions({
    layout: { background: { color: 'transparent' }, textColor: muted, fontFamily: 'inherit' },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line },
  });
  // Hollow and filled, not only two colours.
  const [up, down] = [colorOf('surface'), muted];
  candles.applyOptions({
    ...{ upColor: up, downColor: down, borderVisible: true },
    ...{ wickUpColor: muted, wickDownColor: muted },
    ...{ borderUpColor: muted, borderDownColor: muted },
  });
  path.applyOptions({ color: muted });
  entry.applyOptions({ color: colorOf('entry') });
  stop.applyOptions({ color: colorOf('stop') });
  target.applyOptions({ color: colorOf('target') });
}

function markerOf({ time, isBuy, text }: ReturnType<typeof fillMarks>[number]): SeriesMarker<Time> {
  return {
    ...{ time: time as UTCTimestamp, text, color: colorOf('text') },
    position: isBuy ? 'belowBar' : 'aboveBar',
    shape: isBuy ? 'arrowUp' : 'arrowDown',
  };
}
