"""Opening-range breakout: what a day does after it has left the range of its first half hour.

The strategy is a function of quotes alone: the same quotes give the same signals, so a recorded day shows what a live
one would have done. It knows neither Ballast nor a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Any, Iterable, Iterator, Optional, Union

from quotes import Quote

CENT = Decimal("0.01")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Settings:
    """What the strategy is tuned by. Times are the exchange's."""

    opens: time = time(9, 30)
    range_minutes: int = 30
    #: Bars of a minute that the average true range is taken over.
    atr_bars: int = 14
    #: The stop is so many average true ranges below the entry, but no nearer than half of the range.
    stop_atrs: Decimal = Decimal(3)
    #: The target is so many times as far as the stop.
    reward: Decimal = Decimal(2)
    #: A breakout after that has too little of the day left.
    last_entry: time = time(15, 0)
    #: Everything is closed by then: the strategy holds nothing over night.
    flat_by: time = time(15, 55)

    def range_ends(self, at: datetime) -> datetime:
        return at.replace(hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0) + timedelta(
            minutes=self.range_minutes
        )


@dataclass(frozen=True)
class Breakout:
    """A signal: buy now, with a bracket."""

    at: datetime
    symbol: str
    entry: Decimal
    stop: Decimal
    target: Decimal
    #: What it was decided by, by name.
    indicators: dict[str, Decimal]


@dataclass(frozen=True)
class Flat:
    """Close what is open."""

    at: datetime


@dataclass
class Bars:
    """Bars of a minute out of middle prices, and their average true range."""

    count: int
    minute: Optional[datetime] = None
    high: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    close: Decimal = Decimal(0)
    previous_close: Optional[Decimal] = None
    ranges: list[Decimal] = field(default_factory=list)

    def take(self, quote: Quote) -> None:
        minute = quote.at.replace(second=0, microsecond=0)
        if minute != self.minute:
            if self.minute is not None:
                self._end()
            self.minute, self.high, self.low = minute, quote.mid, quote.mid
        self.high, self.low, self.close = max(self.high, quote.mid), min(self.low, quote.mid), quote.mid

    def _end(self) -> None:
        highs = [self.high] if self.previous_close is None else [self.high, self.previous_close]
        lows = [self.low] if self.previous_close is None else [self.low, self.previous_close]
        self.ranges = [*self.ranges, max(highs) - min(lows)][-self.count :]
        self.previous_close = self.close

    def average_true_range(self) -> Optional[Decimal]:
        """None until there are enough whole bars."""
        return sum(self.ranges, Decimal(0)) / self.count if len(self.ranges) == self.count else None


class OpeningRange:
    """One symbol's day: its range, and the first breakout above it. At most one signal a day."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bars = Bars(settings.atr_bars)
        self._high: Optional[Decimal] = None
        self._low: Optional[Decimal] = None
        self._is_done = False

    def take(self, quote: Quote) -> Optional[Breakout]:
        """Looks at the next quote; a crossed or empty one is none."""
        if quote.bid <= 0 or quote.ask <= quote.bid:
            return None
        settings, mid = self._settings, quote.mid
        if quote.at.time() < settings.opens:
            return None
        self._bars.take(quote)
        if quote.at < settings.range_ends(quote.at):
            self._high = mid if self._high is None else max(self._high, mid)
            self._low = mid if self._low is None else min(self._low, mid)
            return None
        atr = self._bars.average_true_range()
        if self._is_done or self._high is None or self._low is None or atr is None:
            return None
        if quote.at.time() >= settings.last_entry or mid <= self._high:
            return None
        self._is_done = True
        return self._breakout(quote, self._high, self._low, atr)

    def _breakout(self, quote: Quote, high: Decimal, low: Decimal, atr: Decimal) -> Breakout:
        width = high - low
        distance = max(self._settings.stop_atrs * atr, width / 2, CENT)
        stop = (quote.ask - distance).quantize(CENT, ROUND_DOWN)
        target = (quote.ask + self._settings.reward * (quote.ask - stop)).quantize(CENT, ROUND_UP)
        indicators = {
            "range_high": high,
            "range_low": low,
            "range_width": width,
            "atr": round(atr, 6),
            "breakout": quote.mid - high,
            "spread": quote.ask - quote.bid,
        }
        return Breakout(quote.at, quote.symbol, quote.ask, stop, target, indicators)


def decisions(quotes: Iterable[Quote], settings: Settings) -> Iterator[Union[Breakout, Flat]]:
    """What is to be done, in order, over the quotes of one day."""
    symbols: dict[str, OpeningRange] = {}
    for quote in quotes:
        if quote.at.time() >= settings.flat_by:
            yield Flat(quote.at)
            return
        known = symbols.setdefault(quote.symbol, OpeningRange(settings))
        breakout = known.take(quote)
        if breakout is not None:
            yield breakout


def signal_of(breakout: Breakout, strategy_id: str) -> dict[str, Any]:
    """A breakout as Ballast takes it. Its id is of the day and the symbol: a second run of the day trades nothing twice."""
    at, symbol, shown = breakout.at, breakout.symbol, breakout.indicators
    return {
        "id": f"orb-{at:%Y-%m-%d}-{symbol}",
        "strategy_id": strategy_id,
        "symbol": symbol,
        "side": "BUY",
        "order_type": "MKT",
        "entry_price": str(breakout.entry),
        "stop_loss": str(breakout.stop),
        "take_profit": str(breakout.target),
        "indicators": {name: float(value) for name, value in shown.items()},
        "context": {
            "market_time": at.isoformat(),
            "rationale": f"{symbol} left its opening range {shown['range_low']} to {shown['range_high']} upwards",
        },
    }
