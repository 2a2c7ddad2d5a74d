#!/usr/bin/env python3
"""Plays a recorded day through the paper gateway and Ballast, and lays their results side by side.

    npm start -- --fresh --no-demo --market replay:QUOTES             # in one terminal: QUOTES has a folder for each day
    export BALLAST_TOKEN=$(npx ballast token --scope read,trade)      # in another
    python3 examples/python/replay_day.py QUOTES/2013-10-07 --gateway http://127.0.0.1:4012

The market is the runner's: it plays to the very quote that a signal is made of and stands still while Ballast takes,
judges and sends it, so the entry meets the quote that the strategy has seen, at whatever speed the rest is played.
The exit code is 0 when nothing is held in the end and both results are equal to the cent.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable

from ballast import ENDED, Ballast, Problem
from opening_range import Breakout, Flat, Settings, decisions, signal_of
from quotes import recorded
from report import Day, print_day, traded

POLL_S = 0.2
#: Ballast stores the quotes that it is sent some times a second: what it has is of the market that stands still.
STILL_S = 1.0
#: What takes a moment takes many on a busy machine.
WAIT_S = 120.0
#: How far the market goes on at a time while the rest is closed.
CLOSING_STEP = timedelta(seconds=5)
CONTROL_S = 30.0


class Market:
    """The paper gateway's market and books, by its control port."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        try:
            with self._opener.open(f"{self._url}{path}", data, timeout=CONTROL_S) as answer:
                return json.loads(answer.read(), parse_float=Decimal)
        except urllib.error.HTTPError as refusal:
            raise SystemExit(f"the paper gateway refuses {path}: {refusal.read().decode()}") from None

    def hold_at(self, at: datetime, speed: float) -> None:
        self.ask("/market", {"paused": True, "at": at.isoformat(), "speed": speed})

    def play_until(self, at: datetime) -> None:
        """Plays every quote up to there. The market stands still then."""
        self.ask("/market", {"until": at.isoformat()})
        wait_for(f"the market to reach {at:%H:%M:%S}", lambda: self.ask("/market")["paused"], limit_s=24 * 3600)

    def cash(self) -> Decimal:
        return sum((Decimal(account["cash"]) for account in self.ask("/accounts").values()), Decimal(0))

    def positions(self) -> list[Any]:
        return self.ask("/ledger")["positions"]


def wait_for(what: str, is_so: Callable[[], Any], limit_s: float = WAIT_S) -> Any:
    """Waits until it is so; gives what it was. Ends the program after the time."""
    deadline = time.monotonic() + limit_s
    while True:
        found = is_so()
        if found:
            return found
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {limit_s:.0f} s in vain for {what}")
        time.sleep(POLL_S)


def play(options: argparse.Namespace, ballast: Ballast, market: Market) -> Day:
    """Plays the day from its first quote to the last decision, and on until nothing is held."""
    settings = Settings()
    folder: Path = options.folder
    symbols = options.symbols.split(",") if options.symbols else []
    quotes = list(recorded(folder, symbols))
    # Of its own day: protections and limits go by the clock, for which all recorded days are today.
    strategy = f"{options.strategy}-{quotes[0].at:%Y-%m-%d}"
    if market.positions() or list(ballast.trades(strategy_id=strategy)):
        raise SystemExit(f"something is held, or {strategy} was played here before: begin with npm start -- --fresh")
    market.hold_at(quotes[0].at, options.speed)
    before = market.cash()
    taken: list[tuple[Breakout, str]] = []
    for decision in decisions(quotes, settings):
        market.play_until(decision.at)
        time.sleep(STILL_S)
        if isinstance(decision, Flat):
            go_flat(ballast, market, strategy, decision.at, quotes[-1].at)
        else:
            taken.append((decision, enter(ballast, signal_of(decision, strategy))))
    trades = [(breakout, ballast.trade(trade_id)) for breakout, trade_id in taken]
    return Day(f"{quotes[0].at:%Y-%m-%d}", strategy, trades, market.cash() - before, bool(market.positions()))


def enter(ballast: Ballast, signal: dict[str, Any]) -> str:
    """Hands a signal in; gives its trade's id, once it is denied or its entry has reached the broker."""
    trade_id: str = ballast.submit(signal)["id"]
    wait_for(f"the entry of {signal['id']}", lambda: has_entered(ballast.trade(trade_id)))
    return trade_id


def has_entered(trade: Any) -> bool:
    if trade["state"] in ENDED:
        return True
    entries = [order for order in trade["orders"] if order["role"] == "ENTRY"]
    return any(order["acknowledged_at"] is not None for order in entries)


def go_flat(ballast: Ballast, market: Market, strategy: str, at: datetime, end: datetime) -> None:
    """Closes what is open, and lets the market go on in steps until all of it is sold and accounted."""
    for trade in under_way(ballast, strategy):
        if trade["state"] not in ENDED:
            close(ballast, trade["id"])
    while under_way(ballast, strategy) and at < end:
        wait_a_moment(lambda: not under_way(ballast, strategy))
        at = min(at + CLOSING_STEP, end)
        market.play_until(at)
    wait_for("the trades to end", lambda: not under_way(ballast, strategy))
    wait_for("nothing to be held", lambda: not market.positions())


def close(ballast: Ballast, trade_id: str) -> None:
    try:
        ballast.close(trade_id, f"flat-{trade_id}")
    except Problem as problem:
        # Its stop or target may have filled just now.
        if problem.code != "REFUSED":
            raise


def under_way(ballast: Ballast, strategy: str) -> list[Any]:
    """The day's trades that are not over, or whose result is not known yet."""
    trades = ballast.trades(strategy_id=strategy)
    return [each for each in trades if each["state"] not in ENDED or (traded(each) and each["realized_pnl"] is None)]


def wait_a_moment(is_so: Callable[[], bool]) -> None:
    """Gives what is under way the time to reach the market before that goes on."""
    deadline = time.monotonic() + STILL_S
    while not is_so() and time.monotonic() < deadline:
        time.sleep(POLL_S)


def main() -> int:
    options = parse()
    token = os.environ.get("BALLAST_TOKEN") or sys.exit("set BALLAST_TOKEN: npx ballast token --scope read,trade")
    day = play(options, Ballast(options.url, token), Market(options.gateway))
    print_day(day)
    if options.json:
        options.json.write_text(json.dumps(day.as_json(), indent=2))
    return 0 if day.is_equal else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Plays a recorded day through the paper gateway and Ballast.")
    parser.add_argument("folder", type=Path, help="of the day: SYMBOL.csv.gz files, in a folder that the gateway replays")
    parser.add_argument("--url", default="http://127.0.0.1:8484", help="of the HTTP API")
    parser.add_argument("--gateway", default="http://127.0.0.1:4012", help="control port of the paper gateway")
    parser.add_argument("--symbols", help="these alone, such as IBM,SPY")
    parser.add_argument("--speed", type=float, default=600.0, help="recorded seconds in one of ours")
    parser.add_argument("--strategy", default="opening-range", help="its name begins so; the day follows")
    parser.add_argument("--json", type=Path, help="write the result there as well")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
