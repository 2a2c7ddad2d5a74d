"""A small client of Ballast's HTTP API. Standard library only.

A signal has an id, and a command a key, so the same request twice is done once: whatever gets no answer is asked
again, within bounds. What is refused (4xx) is never asked again, but for 429.
"""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any, Iterator, Optional

Json = Any

ATTEMPTS_MAX = 10
#: From the first attempt to the last's begin: longer than a restart of the server takes.
TOTAL_S = 60.0
#: Of one attempt: more than the server itself waits for a verdict.
ATTEMPT_S = 30.0
FIRST_DELAY_S = 0.2
DELAY_MAX_S = 10.0
TOO_MANY = 429
#: How long the server is asked to wait for a verdict; then the trade is asked for.
SERVER_WAIT_MS = 10_000
POLL_S = 0.25
PAGE_ROWS = 200

#: Nothing follows these states.
ENDED = {"CLOSED", "DENIED", "REJECTED", "CANCELLED", "ABANDONED", "EXPIRED", "FAILED"}


class Problem(Exception):
    """The API has refused; asked again in the same way it would refuse again."""

    def __init__(self, request: str, status: int, body: Json) -> None:
        known = body if isinstance(body, dict) else {}
        self.status = status
        self.code = known.get("code", "UNKNOWN")
        #: With SIGNAL_CONFLICT: the trade of the signal that was known.
        self.trade_id = known.get("trade_id")
        self.errors = known.get("errors", [])
        places = "".join(f"; {each['path']}: {each['message']}" for each in self.errors)
        super().__init__(f"{request}: {status} {self.code}: {known.get('detail', '')}{places}")


class GaveUp(Exception):
    """Nobody answered within the bounds. The same request again is still done only once."""


class Ballast:
    """An installation, at an address such as http://127.0.0.1:8484, as the user of a token."""

    def __init__(self, url: str, token: str, *, total_s: float = TOTAL_S) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._total_s = total_s
        # It is asked directly: a proxy that the environment names knows nothing of this machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def submit(self, signal: Json) -> Json:
        """Hands in a signal, once for ever by its id, and waits for its verdict.

        Returns its trade as it is then; not judged after SERVER_WAIT_MS, it goes on by itself.
        """
        path = f"/api/v1/signals?wait=verdict&wait_ms={SERVER_WAIT_MS}"
        answer = self._call("POST", path, body=signal, key=signal["id"])
        return answer["trade"] or self.trade(answer["trade_id"])

    def trade(self, trade_id: str) -> Json:
        """One trade with its decisions, orders, executions and timeline."""
        return self._call("GET", f"/api/v1/trades/{trade_id}")

    def trades(self, **filters: str) -> Iterator[Json]:
        """Trades that the filters let through (strategy_id, status, …), newest first, page by page."""
        query = {**filters, "limit": str(PAGE_ROWS)}
        while True:
            page = self._call("GET", f"/api/v1/trades?{urllib.parse.urlencode(query)}")
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            query["cursor"] = page["next_cursor"]

    def positions(self) -> list[Json]:
        """What is held."""
        return self._call("GET", "/api/v1/positions")["items"]

    def close(self, trade_id: str, key: str) -> Json:
        """Has a trade closed: what is unfilled is cancelled, what is held is sold. The same key is the same command."""
        return self._call("POST", f"/api/v1/trades/{trade_id}/close", key=key)

    def _call(self, method: str, path: str, *, body: Json = None, key: Optional[str] = None) -> Json:
        """Asks until it is answered. Every request here is a read or has a key, so asking again does nothing twice."""
        name = f"{method} {path.partition('?')[0]}"
        started = time.monotonic()
        attempts = 0
        while True:
            attempts += 1
            answer, why, asked_s = self._attempt(name, method, path, body, key)
            if why is None:
                return answer
            waited_s = time.monotonic() - started
            wait_s = delay_s(attempts, asked_s)
            if attempts >= ATTEMPTS_MAX or waited_s + wait_s > self._total_s:
                raise GaveUp(f"{name}: given up after {attempts} attempts in {waited_s:.1f} s; the last: {why}")
            time.sleep(wait_s)

    def _attempt(
        self, name: str, method: str, path: str, body: Json, key: Optional[str]
    ) -> tuple[Json, Optional[str], Optional[float]]:
        """Asks once. Returns the answer; or why it is worth asking again, and the seconds that the server asks for."""
        request = urllib.request.Request(self._url + path, method=method)
        request.add_header("Authorization", f"Bearer {self._token}")
        if key is not None:
            request.add_header("Idempotency-Key", key)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with self._opener.open(request, timeout=ATTEMPT_S) as answer:
                return json.loads(answer.read()), None, None
        except urllib.error.HTTPError as refusal:
            told = read_problem(refusal)
            problem = Problem(name, refusal.code, told)
            if refusal.code != TOO_MANY and refusal.code < 500:
                raise problem from None
            return None, str(problem), retry_after_s(refusal.headers.get("Retry-After"))
        except (OSError, http.client.HTTPException, ValueError) as error:
            # Refused, cut, timed out, or an answer that broke off: nobody knows whether it was done.
            return None, f"{type(error).__name__}: {error}", None


def read_problem(refusal: urllib.error.HTTPError) -> Json:
    """The body of a refusal; None when it can't be read."""
    try:
        return json.loads(refusal.read())
    except (OSError, http.client.HTTPException, ValueError):
        return None


def retry_after_s(value: Optional[str]) -> Optional[float]:
    """Seconds, or an HTTP date; None when it says neither."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return max(0.0, at.replace(tzinfo=at.tzinfo or timezone.utc).timestamp() - time.time())


def delay_s(attempts: int, asked_s: Optional[float]) -> float:
    """What the server asks for, else twice as long each time; with chance, so that many clients don't come at once."""
    own_s = min(FIRST_DELAY_S * 2 ** (attempts - 1), DELAY_MAX_S) * random.uniform(0.5, 1)
    return own_s if asked_s is None else asked_s + min(own_s, 1.0)
