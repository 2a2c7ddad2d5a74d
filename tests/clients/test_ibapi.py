"""IBKR's own Python client trades through the paper gateway as it does through IB Gateway."""

import unittest

from ibapi.execution import ExecutionFilter
from ibapi.order import Order

from gateway import ACCOUNT, set_price, write_state
from ibapi_client import Client, order, stock

CLIENT_ID = 42
SYMBOL = "IBM"
UNSET_DOUBLE = 1.7976931348623157e308
ASK, BID = 2, 1


class IbapiBattery(unittest.TestCase):
    """Every test uses its own orders; the last one compares the state that is left."""

    @classmethod
    def setUpClass(cls):
        set_price(SYMBOL, 180)
        cls.app = Client(CLIENT_ID)
        cls.app.until(lambda: cls.app.next_id is not None and cls.app.accounts, "ready")
        cls.contract = stock(SYMBOL)

    @classmethod
    def tearDownClass(cls):
        cls.app.close()

    def status(self, order_id, status):
        last = lambda: self.app.statuses.get(order_id, ("",))
        self.app.until(lambda: last()[0] == status, f"{order_id} {status}")
        return last()

    def place(self, what):
        order_id = self.app.take_id()
        self.app.placeOrder(order_id, self.contract, what)
        return order_id

    def bracket(self, quantity, stop, target, ref):
        """A market entry with both exits, sent as a chain: only the last leg transmits."""
        parent = self.place(order("BUY", "MKT", quantity, orderRef=ref, transmit=False))
        family = {"parentId": parent, "orderRef": ref}
        profit = self.place(
            order("SELL", "LMT", quantity, lmtPrice=target, transmit=False, **family)
        )
        loss = self.place(order("SELL", "STP", quantity, auxPrice=stop, **family))
        return parent, profit, loss

    def refused(self, order_id, code):
        found = lambda: any(e[:2] == (order_id, code) for e in self.app.errors)
        self.app.until(found, f"error {code} for {order_id}")

    def test_01_connection(self):
        self.assertEqual(self.app.serverVersion(), 157)
        self.assertEqual(self.app.accounts, ACCOUNT)
        second = Client(CLIENT_ID)
        second.until(lambda: any(e[1] == 326 for e in second.errors), "326")
        second.close()

    def test_02_contract_and_unknown_symbol(self):
        self.app.ask("details", lambda: self.app.reqContractDetails(9001, self.contract))
        self.assertEqual([(d.minTick, d.stockType) for d in self.app.details], [(0.01, "COMMON")])
        self.app.reqContractDetails(9002, stock("NOSUCH"))
        self.refused(9002, 200)

    def test_03_quote_and_history(self):
        snapshot = lambda: self.app.reqMktData(9003, self.contract, "", True, False, [])
        self.app.ask("snapshot", snapshot)
        self.assertEqual((self.app.ticks[BID], self.app.ticks[ASK]), (179.99, 180.01))
        bars = ("5 D", "1 day", "TRADES", 1, 1, False, [])
        self.app.ask("history", lambda: self.app.reqHistoricalData(9004, self.contract, "", *bars))
        self.assertEqual(len(self.app.bars), 5)

    def test_04_bracket_fills_and_exits_work(self):
        parent, profit, loss = self.bracket(10, 150, 210, "api-1")
        self.assertEqual(self.status(parent, "Filled")[3], 180.01)
        self.status(profit, "Submitted")
        self.status(loss, "PreSubmitted")
        self.app.until(lambda: self.app.statuses[loss][4] == "trigger", "whyHeld trigger")
        fills = [e for e in self.app.executions.values() if e.orderId == parent]
        self.assertEqual([(f.side, f.shares, f.price) for f in fills], [("BOT", 10, 180.01)])
        paid = lambda: self.app.commissions.get(fills[0].execId)
        self.app.until(paid, "commission")
        self.assertEqual((paid().commission, paid().realizedPNL), (1.0, UNSET_DOUBLE))

    def test_05_modify_then_cancel_one_leg(self):
        parent, profit, loss = self.bracket(5, 170, 190, "api-2")
        self.status(profit, "Submitted")
        self.app.placeOrder(
            loss,
            self.contract,
            order("SELL", "STP", 5, auxPrice=175, parentId=parent, orderRef="api-2"),
        )
        stops = lambda: [o.auxPrice for _c, o, _s in self.app.orders.values() if o.orderId == loss]
        self.app.until(lambda: 175 in stops(), "the new stop price")
        self.app.cancelOrder(profit)
        self.status(profit, "Cancelled")
        self.status(loss, "Cancelled")
        self.refused(profit, 202)

    def test_06_stop_is_hit(self):
        _parent, profit, loss = self.bracket(7, 160, 200, "api-3")
        self.status(profit, "Submitted")
        set_price(SYMBOL, 159)
        try:
            self.assertEqual(self.status(loss, "Filled")[3], 158.99)
            self.status(profit, "Cancelled")
        finally:
            set_price(SYMBOL, 180)

    def test_07_what_if_and_refused_attributes(self):
        order_id = self.place(order("BUY", "MKT", 100, whatIf=True))
        states = lambda: [s for _c, o, s in self.app.orders.values() if o.orderId == order_id]
        self.app.until(states, "what-if answer")
        self.assertGreater(float(states()[0].initMarginChange), 0)
        plain = Order()
        plain.action, plain.orderType, plain.totalQuantity = "BUY", "MKT", 1
        self.refused(self.place(plain), 10268)
        self.refused(self.place(order("BUY", "LMT", 1, lmtPrice=100.001)), 110)

    def test_08_ids(self):
        order_id = self.place(order("BUY", "LMT", 1, lmtPrice=100, orderRef="ids"))
        self.status(order_id, "Submitted")
        self.app.cancelOrder(order_id)
        self.status(order_id, "Cancelled")
        again = order("BUY", "LMT", 1, lmtPrice=100, orderRef="ids")
        self.app.placeOrder(order_id, self.contract, again)
        self.refused(order_id, 103)
        self.app.cancelOrder(987654)
        self.refused(987654, 10147)

    def test_09_trailing_stop(self):
        trail = order("SELL", "TRAIL", 3, auxPrice=4, trailStopPrice=176, orderRef="api-trail")
        order_id = self.place(trail)
        self.status(order_id, "PreSubmitted")
        own = lambda: [o for _c, o, _s in self.app.open_rows if o.orderId == order_id]
        self.assertEqual(own()[-1].trailStopPrice, 176)
        self.app.cancelOrder(order_id)
        self.status(order_id, "Cancelled")

    def test_10_state(self):
        app = self.app
        app.open_rows.clear()
        app.ask("openOrders", app.reqAllOpenOrders)
        app.ask("executions", lambda: app.reqExecutions(9010, ExecutionFilter()))
        app.ask("completed", lambda: app.reqCompletedOrders(False))
        app.ask("positions", app.reqPositions)
        app.ask("summary", lambda: app.reqAccountSummary(9011, "All", "TotalCashValue"))
        write_state(
            "ibapi",
            {
                "orders": [order_row(*row) for row in app.open_rows],
                "positions": [[s, p] for s, p in app.positions.items() if p != 0],
                "executions": [
                    [e.execId, e.side, e.shares, e.price, e.permId, e.orderRef]
                    for e in app.executions.values()
                ],
                "completed": [[o.permId, s.status, o.orderRef] for _c, o, s in app.completed],
                "cash": app.summary["TotalCashValue"],
            },
        )


def order_row(contract, made, state):
    """What any client can tell of an order."""
    return [
        made.permId,
        made.clientId,
        made.orderRef,
        contract.symbol,
        made.action,
        made.totalQuantity,
        made.orderType,
        made.lmtPrice,
        made.auxPrice,
        made.tif,
        state.status,
    ]


if __name__ == "__main__":
    unittest.main(verbosity=2)
