#!/usr/bin/env python3
"""Trades the opening range over live quotes.

    export BALLAST_TOKEN=$(npx ballast token --scope read,trade)
    your-feed | python3 examples/python/live.py                       # a quote a line, as JSON
    python3 examples/python/live.py --gateway http://127.0.0.1:4012 --symbols AAPL,MSFT

Killed and started again it sends nothing twice, but has lost the range: start it before the open.
"""

from __future__ import annotations

import argparse
import os
import sys

from ballast import Ballast, GaveUp, Problem
from opening_range import Flat, Settings, decisions, signal_of
from quotes import piped, polled

STRATEGY = "opening-range"


def main() -> int:
    options = parse()
    token = os.environ.get("BALLAST_TOKEN") or sys.exit("set BALLAST_TOKEN: npx ballast token --scope read,trade")
    ballast = Ballast(options.url, token)
    symbols = options.symbols.split(",") if options.symbols else []
    quotes = polled(options.gateway, symbols) if options.gateway else piped(sys.stdin)
    for decision in decisions(quotes, Settings()):
        if isinstance(decision, Flat):
            return 0 if go_flat(ballast, f"flat-{decision.at:%Y-%m-%d}") else 1
        # Should this program die before it is flat, Ballast closes the position at the session's end.
        # Quotes may have waited to be read: Ballast denies what is too old (SIGNAL_STALE).
        signal = {
            **signal_of(decision, STRATEGY),
            "close_at_session_end": True,
            "generated_at": decision.at.isoformat(),
        }
        try:
            trade = ballast.submit(signal)
            print(f"{decision.at:%H:%M:%S} {decision.symbol}: {trade['state']} {','.join(trade['denial_codes'])}")
        except Problem as problem:
            if problem.code != "SIGNAL_CONFLICT":
                raise
            print(f"{decision.at:%H:%M:%S} {decision.symbol}: signalled earlier today, trade {problem.trade_id}")
    print("the quotes have ended before it was time to be flat: what is open is closed at the session's end")
    return 1


def go_flat(ballast: Ballast, key: str) -> bool:
    """Closes what is still under way; the same key again is the same command. False: nobody took it for some."""
    is_done = True
    for trade in list(ballast.trades(strategy_id=STRATEGY, status="live")):
        try:
            ballast.close(trade["id"], key)
            print(f"{trade['symbol']}: closing")
        except Problem as problem:
            # It may have ended meanwhile, by its stop or target.
            if problem.code != "REFUSED":
                raise
            print(f"{trade['symbol']}: {problem}")
        except GaveUp as late:
            # The others are closed all the same.
            print(f"{trade['symbol']}: NOT CLOSED, {late}")
            is_done = False
    return is_done


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trades the opening range over live quotes.")
    parser.add_argument("--url", default="http://127.0.0.1:8484", help="of the HTTP API")
    parser.add_argument("--gateway", help="control port of the paper gateway, whose prices are traded on")
    parser.add_argument("--symbols", help="with --gateway: such as AAPL,MSFT")
    options = parser.parse_args()
    if options.gateway and not options.symbols:
        parser.error("--gateway needs --symbols")
    return options


if __name__ == "__main__":
    sys.exit(main())
