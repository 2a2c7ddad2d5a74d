"""IBKR's own client with its callbacks kept in lists, so that a test can wait for them."""

import threading
import time

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.order import Order
from ibapi.wrapper import EWrapper

from gateway import HOST, PORT, WAIT_S


class Client(EWrapper, EClient):
    """Connects, reads in a thread of its own, and remembers what came."""

    def __init__(self, client_id):
        EClient.__init__(self, self)
        self.errors = []
        self.orders = {}
        self.statuses = {}
        self.open_rows = []
        self.executions = {}
        self.commissions = {}
        self.completed = []
        self.positions = {}
        self.summary = {}
        self.details = []
        self.ticks = {}
        self.bars = []
        self.ends = []
        self.next_id = None
        self.accounts = None
        self.connect(HOST, PORT, client_id)
        self.reading = threading.Thread(target=self.run, daemon=True)
        self.reading.start()

    def close(self):
        self.disconnect()
        self.reading.join(WAIT_S)

    def until(self, done, what):
        """Waits until something holds."""
        deadline = time.monotonic() + WAIT_S
        while not done():
            if time.monotonic() > deadline:
                raise AssertionError(f"not in time: {what}; errors {self.errors[-5:]}")
            time.sleep(0.01)

    def ask(self, end, request):
        """Sends a request and waits for its end message."""
        seen = self.ends.count(end)
        request()
        self.until(lambda: self.ends.count(end) > seen, f"end of {end}")

    def take_id(self):
        self.next_id += 1
        return self.next_id - 1

    # Callbacks of EWrapper, named as it names them.

    def nextValidId(self, orderId):
        self.next_id = orderId

    def managedAccounts(self, accountsList):
        self.accounts = accountsList

    def error(self, reqId, errorCode, errorString, *_more):
        self.errors.append((reqId, errorCode, errorString))

    def openOrder(self, orderId, contract, order, orderState):
        self.orders[order.permId or orderId] = (contract, order, orderState)
        self.open_rows.append((contract, order, orderState))

    def orderStatus(self, orderId, status, filled, remaining, avgFillPrice, permId, *more):
        why_held = more[3]
        self.statuses[orderId] = (status, filled, remaining, avgFillPrice, why_held)

    def openOrderEnd(self):
        self.ends.append("openOrders")

    def execDetails(self, reqId, contract, execution):
        self.executions[execution.execId] = execution

    def execDetailsEnd(self, reqId):
        self.ends.append("executions")

    def commissionReport(self, commissionReport):
        self.commissions[commissionReport.execId] = commissionReport

    def completedOrder(self, contract, order, orderState):
        self.completed.append((contract, order, orderState))

    def completedOrdersEnd(self):
        self.ends.append("completed")

    def position(self, account, contract, position, avgCost):
        self.positions[contract.symbol] = float(position)

    def positionEnd(self):
        self.ends.append("positions")

    def accountSummary(self, reqId, account, tag, value, currency):
        self.summary[tag] = value

    def accountSummaryEnd(self, reqId):
        self.ends.append("summary")

    def contractDetails(self, reqId, contractDetails):
        self.details.append(contractDetails)

    def contractDetailsEnd(self, reqId):
        self.ends.append("details")

    def tickPrice(self, reqId, tickType, price, attrib):
        self.ticks[tickType] = price

    def tickSnapshotEnd(self, reqId):
        self.ends.append("snapshot")

    def historicalData(self, reqId, bar):
        self.bars.append(bar)

    def historicalDataEnd(self, reqId, start, end):
        self.ends.append("history")


def stock(symbol):
    contract = Contract()
    contract.symbol = symbol
    contract.secType = "STK"
    contract.exchange = "SMART"
    contract.currency = "USD"
    return contract


def order(action, order_type, quantity, **fields):
    """An order that IBKR takes: this old client sets two attributes that are refused today."""
    made = Order()
    made.action = action
    made.orderType = order_type
    made.totalQuantity = quantity
    made.tif = "GTC"
    made.eTradeOnly = False
    made.firmQuoteOnly = False
    for name, value in fields.items():
        setattr(made, name, value)
    return made
