"""A played day in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from opening_range import Breakout

CENT = Decimal("0.01")


def traded(trade: Any) -> bool:
    """Whether anything of it was bought."""
    return Decimal(trade["filled_quantity"]) > 0


@dataclass(frozen=True)
class Day:
    """What came of a day's signals, by Ballast's books and by the gateway's."""

    date: str
    strategy: str
    #: Each signal with its trade.
    trades: list[tuple[Breakout, Any]]
    #: By how much the account's cash has changed; nothing is held before and after.
    gateway_pnl: Decimal
    is_held: bool

    @property
    def ballast_pnl(self) -> Decimal:
        """Realized results of all trades, after commissions."""
        results = [trade["realized_pnl"] for _, trade in self.trades if traded(trade)]
        return sum((Decimal(result) for result in results if result is not None), Decimal(0))

    @property
    def is_equal(self) -> bool:
        return not self.is_held and self.ballast_pnl.quantize(CENT) == self.gateway_pnl.quantize(CENT)

    def as_json(self) -> Any:
        return {
            "date": self.date,
            "strategy": self.strategy,
            "ballast_pnl": str(self.ballast_pnl),
            "gateway_pnl": str(self.gateway_pnl),
            "is_held": self.is_held,
            "signals": [signal_json(breakout, trade) for breakout, trade in self.trades],
        }


def signal_json(breakout: Breakout, trade: Any) -> Any:
    shown = ("state", "filled_quantity", "average_entry", "average_exit", "exit_reason", "realized_pnl", "denial_codes")
    return {
        "at": breakout.at.isoformat(),
        "symbol": breakout.symbol,
        "entry": str(breakout.entry),
        "stop": str(breakout.stop),
        "target": str(breakout.target),
        "indicators": {name: str(value) for name, value in breakout.indicators.items()},
        "trade": {name: trade[name] for name in ("id", *shown)},
    }


def print_day(day: Day) -> None:
    print(f"{day.date}, {day.strategy}: {len(day.trades)} signals, {sum(traded(t) for _, t in day.trades)} trades")
    for breakout, trade in day.trades:
        print()
        print_signal(breakout)
        print_trade(trade)
    print()
    print(f"result by Ballast's books     {day.ballast_pnl.quantize(CENT):>12}")
    print(f"result by the gateway's cash  {day.gateway_pnl.quantize(CENT):>12}")
    if day.is_held:
        print("something is still held: the results can't be compared")
    else:
        print("equal to the cent" if day.is_equal else "THEY DIFFER")


def print_signal(breakout: Breakout) -> None:
    shown = ", ".join(f"{name} {value.normalize():f}" for name, value in breakout.indicators.items())
    entry, stop, target = (price.quantize(CENT) for price in (breakout.entry, breakout.stop, breakout.target))
    print(f"{breakout.at:%H:%M:%S} {breakout.symbol:5} BUY at {entry}, stop {stop}, target {target}")
    print(f"         {shown}")


def print_trade(trade: Any) -> None:
    if not traded(trade):
        why = ", ".join(trade["denial_codes"]) or trade["failure"] or "nothing filled"
        print(f"         {trade['state']}: {why}")
        return
    entry, exit_ = (Decimal(trade[name] or 0).normalize() for name in ("average_entry", "average_exit"))
    result = Decimal(trade["realized_pnl"] or 0).quantize(CENT)
    print(
        f"         {trade['filled_quantity']} bought at {entry:f}, sold at {exit_:f} ({trade['exit_reason']}):"
        f" {result} after {trade['commission']} commission"
    )
