"""The gateway under test: where its ports are, and how its prices and faults are set."""

import json
import os
import urllib.request

HOST = "127.0.0.1"
PORT = int(os.environ["GATEWAY_PORT"])
CONTROL_PORT = int(os.environ["GATEWAY_CONTROL_PORT"])
ACCOUNT = "DU1000001"

# Long enough for a loaded machine, short enough to end a run that hangs.
WAIT_S = 10.0


def control(path, body=None):
    """Asks the control port; gives its JSON."""
    url = f"http://{HOST}:{CONTROL_PORT}{path}"
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=WAIT_S) as reply:
        return json.load(reply)


def set_price(symbol, price):
    """Puts the quote one cent to either side of the price, 1,000 shares each."""
    return control("/prices", {symbol: price})


def write_state(name, state):
    """Leaves a client's view of the account for the comparison with other clients."""
    with open(os.path.join(os.environ["CLIENT_STATES"], f"{name}.json"), "w") as file:
        json.dump(state, file, indent=1, sort_keys=True)
