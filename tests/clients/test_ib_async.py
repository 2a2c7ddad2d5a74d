"""ib_async trades through the paper gateway as it does through IB Gateway."""

import logging
import unittest

from ib_async import IB, LimitOrder, MarketOrder, Order, Stock, StopOrder, util

from gateway import ACCOUNT, HOST, PORT, WAIT_S, set_price, write_state

CLIENT_ID = 41
SYMBOL = "MSFT"
DONE = {"Cancelled", "Filled", "Inactive"}


class IbAsyncBattery(unittest.TestCase):
    """Every test uses its own orders; the last one compares the state that is left."""

    @classmethod
    def setUpClass(cls):
        logging.getLogger("ib_async").setLevel(logging.CRITICAL)
        set_price(SYMBOL, 400)
        cls.ib = IB()
        cls.errors = []
        cls.ib.errorEvent += lambda req_id, code, text, contract: cls.errors.append((req_id, code))
        cls.ib.connect(HOST, PORT, clientId=CLIENT_ID, timeout=WAIT_S)
        cls.contract = Stock(SYMBOL, "SMART", "USD")
        cls.ib.qualifyContracts(cls.contract)

    @classmethod
    def tearDownClass(cls):
        cls.ib.disconnect()

    def until(self, done, what):
        """Lets the client's loop run until something holds."""
        for _ in range(int(WAIT_S / 0.02)):
            if done():
                return
            self.ib.sleep(0.02)
        self.fail(f"not in time: {what}")

    def status(self, trade, status):
        self.until(lambda: trade.orderStatus.status == status, f"{status}, is {trade.orderStatus}")

    def bracket(self, quantity, stop, target, ref):
        """A market entry with both exits, sent as a chain: only the last leg transmits."""
        parent = MarketOrder("BUY", quantity, transmit=False, orderRef=ref, tif="GTC")
        parent.orderId = self.ib.client.getReqId()
        common = {"parentId": parent.orderId, "tif": "GTC", "orderRef": ref}
        profit = LimitOrder("SELL", quantity, target, transmit=False, **common)
        loss = StopOrder("SELL", quantity, stop, transmit=True, **common)
        return [self.ib.placeOrder(self.contract, order) for order in (parent, profit, loss)]

    def test_01_connection(self):
        self.assertEqual(self.ib.client.serverVersion(), 178)
        self.assertEqual(self.ib.managedAccounts(), [ACCOUNT])
        self.assertNotEqual(self.contract.conId, 0)
        second = IB()
        with self.assertRaises(Exception):
            second.connect(HOST, PORT, clientId=CLIENT_ID, timeout=2)

    def test_02_contract_and_unknown_symbol(self):
        details = self.ib.reqContractDetails(self.contract)
        self.assertEqual([d.minTick for d in details], [0.01])
        self.assertEqual(details[0].timeZoneId, "US/Eastern")
        self.assertEqual(self.ib.reqContractDetails(Stock("NOSUCH", "SMART", "USD")), [])
        self.assertIn(200, [code for _, code in self.errors])

    def test_03_quote_and_history(self):
        ticker = self.ib.reqTickers(self.contract)[0]
        self.assertEqual((ticker.bid, ticker.ask), (399.99, 400.01))
        bars = self.ib.reqHistoricalData(self.contract, "", "5 D", "1 day", "TRADES", True)
        self.assertEqual(len(bars), 5)

    def test_04_bracket_fills_and_exits_work(self):
        parent, profit, loss = self.bracket(10, 350, 450, "bracket-1")
        self.status(parent, "Filled")
        self.assertEqual([f.execution.price for f in parent.fills], [400.01])
        self.until(lambda: parent.fills[0].commissionReport.commission == 1.0, "commission")
        self.status(profit, "Submitted")
        self.status(loss, "PreSubmitted")
        self.until(lambda: loss.orderStatus.whyHeld == "trigger", "the stop waits for its trigger")
        self.until(lambda: [p.position for p in self.ib.positions()] == [10.0], "position")

    def test_05_modify_then_cancel_one_leg(self):
        parent, profit, loss = self.bracket(5, 390, 410, "bracket-2")
        self.status(profit, "Submitted")
        loss.order.auxPrice = 395
        self.ib.placeOrder(self.contract, loss.order)
        seen = lambda: {t.order.permId: t.order.auxPrice for t in self.ib.reqAllOpenOrders()}
        self.assertEqual(seen()[loss.order.permId], 395)
        self.ib.cancelOrder(profit.order)
        self.status(profit, "Cancelled")
        self.status(loss, "Cancelled")
        self.assertIn((profit.order.orderId, 202), self.errors)
        self.assertTrue(parent.isDone())

    def test_06_stop_is_hit(self):
        parent, profit, loss = self.bracket(7, 380, 420, "bracket-3")
        self.status(profit, "Submitted")
        set_price(SYMBOL, 379)
        try:
            self.status(loss, "Filled")
            self.status(profit, "Cancelled")
        finally:
            set_price(SYMBOL, 400)
        self.assertEqual([f.execution.price for f in loss.fills], [378.99])
        self.until(lambda: loss.fills[0].commissionReport.realizedPNL < -140, "realized P&L")

    def test_07_what_if(self):
        state = self.ib.whatIfOrder(self.contract, MarketOrder("BUY", 100))
        self.assertGreater(float(state.initMarginChange), 0)
        self.assertEqual(state.commission, 1.0)

    def test_08_staged_order_is_unseen_until_released(self):
        order = LimitOrder("BUY", 3, 350, transmit=False, orderRef="staged", tif="GTC")
        trade = self.ib.placeOrder(self.contract, order)
        self.ib.sleep(0.3)
        refs = lambda: [t.order.orderRef for t in self.ib.reqAllOpenOrders()]
        self.assertNotIn("staged", refs())
        order.transmit = True
        self.ib.placeOrder(self.contract, order)
        self.status(trade, "Submitted")
        self.assertIn("staged", refs())
        self.ib.cancelOrder(order)
        self.status(trade, "Cancelled")

    def test_09_oca_group(self):
        orders = [
            LimitOrder("BUY", 2, price, ocaGroup="pair", ocaType=1, tif="GTC", orderRef="pair")
            for price in (300, 301)
        ]
        first, second = [self.ib.placeOrder(self.contract, order) for order in orders]
        self.status(second, "Submitted")
        self.ib.cancelOrder(first.order)
        self.status(first, "Cancelled")
        self.status(second, "Cancelled")

    def test_10_off_the_grid(self):
        order = LimitOrder("BUY", 1, 300.001, tif="GTC", orderRef="off-grid")
        trade = self.ib.placeOrder(self.contract, order)
        self.until(lambda: (order.orderId, 110) in self.errors, "error 110")
        self.assertIn(trade.orderStatus.status, DONE | {"PendingSubmit", "ValidationError"})

    def test_11_reconnection_finds_everything(self):
        before = sorted(t.order.permId for t in self.ib.reqAllOpenOrders())
        fills = sorted(f.execution.execId for f in self.ib.reqExecutions())
        self.ib.disconnect()
        self.ib.connect(HOST, PORT, clientId=CLIENT_ID, timeout=WAIT_S)
        self.assertEqual(sorted(t.order.permId for t in self.ib.openTrades()), before)
        self.assertEqual(sorted(f.execution.execId for f in self.ib.fills()), fills)

    def test_12_account_and_state(self):
        values = {v.tag: v.value for v in self.ib.accountSummary() if v.currency in ("USD", "")}
        self.assertEqual(self.ib.reqPnL(ACCOUNT).account, ACCOUNT)
        write_state(
            "ib_async",
            {
                "orders": [order_row(t) for t in self.ib.reqAllOpenOrders()],
                "positions": [[p.contract.symbol, p.position] for p in self.ib.reqPositions()],
                "executions": [
                    [f.execution.execId, f.execution.side, f.execution.shares, f.execution.price]
                    + [f.execution.permId, f.execution.orderRef]
                    for f in self.ib.reqExecutions()
                ],
                "completed": [
                    [t.order.permId, t.orderStatus.status, t.order.orderRef]
                    for t in self.ib.reqCompletedOrders(False)
                ],
                "cash": values["TotalCashValue"],
            },
        )


def order_row(trade):
    """What any client can tell of an order."""
    order: Order = trade.order
    return [
        order.permId,
        order.clientId,
        order.orderRef,
        trade.contract.symbol,
        order.action,
        order.totalQuantity,
        order.orderType,
        order.lmtPrice,
        order.auxPrice,
        order.tif,
        trade.orderStatus.status,
    ]


if __name__ == "__main__":
    util.logToConsole(logging.CRITICAL)
    unittest.main(verbosity=2, failfast=False)
