"""Quotes, recorded or live, in one form and in the order of their times."""

from __future__ import annotations

import csv
import gzip
import heapq
import json
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Iterator, Sequence
from zoneinfo import ZoneInfo

HEADER = ["time", "bid", "bid_size", "ask", "ask_size"]
POLL_S = 1.0
ANSWER_S = 10.0


@dataclass(frozen=True)
class Quote:
    """Best bid and ask of a symbol."""

    #: With the exchange's own offset: its clock says when the opening range is over.
    at: datetime
    symbol: str
    bid: Decimal
    ask: Decimal

    @property
    def mid(self) -> Decimal:
        return (self.bid + self.ask) / 2


def recorded(folder: Path, symbols: Sequence[str] = ()) -> Iterator[Quote]:
    """A recorded day: SYMBOL.csv or SYMBOL.csv.gz with the header time,bid,bid_size,ask,ask_size.

    Of all symbols merged by time; of the symbols given alone, if any are.
    """
    files = {file.name.split(".csv")[0]: file for file in sorted(folder.glob("*.csv*"))}
    missing = sorted(set(symbols) - set(files))
    if missing or not files:
        raise SystemExit(f"{folder}: no quotes of {', '.join(missing) or 'any symbol'} (SYMBOL.csv or SYMBOL.csv.gz)")
    wanted = [(symbol, file) for symbol, file in files.items() if not symbols or symbol in symbols]
    return heapq.merge(*(read_file(symbol, file) for symbol, file in wanted), key=lambda quote: quote.at)


def read_file(symbol: str, file: Path) -> Iterator[Quote]:
    opened = gzip.open(file, "rt") if file.suffix == ".gz" else file.open()
    with opened as lines:
        rows = csv.reader(lines)
        if next(rows, None) != HEADER:
            raise SystemExit(f"{file}: the first line must be {','.join(HEADER)}")
        for row in rows:
            if row:
                yield Quote(datetime.fromisoformat(row[0]), symbol, Decimal(row[1]), Decimal(row[3]))


def piped(lines: IO[str]) -> Iterator[Quote]:
    """Live quotes of any feed, one a line: {"time": "2026-11-23T09:30:00-05:00", "symbol": "IBM", "bid": "181.85", "ask": "181.90"}."""
    for line in lines:
        if line.strip():
            row = json.loads(line, parse_float=Decimal)
            at = datetime.fromisoformat(row["time"])
            yield Quote(at, row["symbol"], Decimal(row["bid"]), Decimal(row["ask"]))


def polled(control_url: str, symbols: Sequence[str], zone: str = "America/New_York") -> Iterator[Quote]:
    """Quotes of the paper gateway, asked for every second."""
    new_york = ZoneInfo(zone)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        with opener.open(f"{control_url.rstrip('/')}/prices", timeout=ANSWER_S) as answer:
            prices = json.loads(answer.read())
        now = datetime.now(new_york)
        for symbol in symbols:
            if symbol in prices:
                yield Quote(now, symbol, Decimal(prices[symbol]["bid"]), Decimal(prices[symbol]["ask"]))
        time.sleep(POLL_S)
