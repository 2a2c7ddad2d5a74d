"""
What schemathesis is told beside the document: rows that exist, bodies that are taken, and what no answer may hold.
It is run by scripts/fuzz-api.mjs, which sets the variables.
"""

import os
import re
import zlib

import schemathesis

HOOK_TOKEN = os.environ["FUZZ_HOOK_TOKEN"]
CODEC_SECRET = os.environ["FUZZ_CODEC_SECRET"]
IS_WITHOUT_TOKEN = os.environ.get("FUZZ_WITHOUT_TOKEN") == "1"

# They ask for no token: the address of one holds it, the other names nothing.
OPEN = {
    *(("get", "/health"), ("post", "/hooks/{token}"), ("post", "/codec/{secret}/{operation}")),
    # A browser logs in by a link's code, and out by its cookie.
    *(("post", "/api/v1/session"), ("delete", "/api/v1/session")),
}

# Made-up stops stand on the wrong side of a price nearly always: these are taken, whatever stands beside them.
SIGNAL = {"symbol": "AAPL", "side": "BUY", "stop_loss_pct": "0.02"}
ALERT = {**SIGNAL, "id": "fuzzed", "strategy_id": "fuzz"}
STOPS = {"stop_loss", "trailing_stop", "entry_price", "take_profit", "take_profit_pct", "order_type"}
WITH_SIGNAL = {"/api/v1/signals", "/api/v1/previews"}
# Nothing of the process that answers: where its code lies, what it asked whom.
INNER = re.compile(r"node_modules|/dist/|\bat \S+ \(|postgres(?:ql)?://|prisma|SELECT .* FROM", re.IGNORECASE)


def every_second(value):
    """The same for the same value, whichever run: a seed repeats its requests."""
    return zlib.crc32(repr(value).encode()) % 2 == 0


@schemathesis.hook
def map_case(context, case):
    path, parameters = case.operation.path, case.path_parameters
    if path == "/hooks/{token}" and every_second(case.body):
        parameters["token"] = HOOK_TOKEN
    if path == "/codec/{secret}/{operation}" and every_second(case.body):
        parameters["secret"] = CODEC_SECRET
    if case.meta is None or case.meta.generation.mode.value != "positive":
        return case
    # A header of its own beside the id in the body is another refusal, and a known one.
    if path == "/api/v1/signals" and case.headers:
        case.headers.pop("idempotency-key", None)
    if path in WITH_SIGNAL and isinstance(case.body, dict) and every_second(case.body):
        case.body = {key: value for key, value in case.body.items() if key not in STOPS} | SIGNAL
    if path.startswith("/hooks/") and every_second(repr(case.body) + "alert"):
        case.body = ALERT
    return case


@schemathesis.check
def tells_nothing_inner(context, response, case):
    """No stack, no statement, no path of a file."""
    found = INNER.search(response.text)
    assert found is None, f"the answer holds {found and found.group()!r}"


@schemathesis.check
def refused_without_token(context, response, case):
    """Only 401, whatever is asked; that a method is unknown is no secret."""
    method, path = case.operation.method.lower(), case.operation.path
    if not IS_WITHOUT_TOKEN or (method, path) in OPEN:
        return
    wanted = {401} if case.method.lower() == method else {401, 405}
    assert response.status_code in wanted, f"answered with {response.status_code} without a token"
