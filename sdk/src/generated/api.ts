/**
 * The HTTP API as its document has it. Made from docs/reference/openapi.json by
 * "node scripts/write-reference.mjs": not to be edited.
 */
export interface paths {
    "/api/v1/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Signals with what became of them, newest first
         * @description `cursor` is the id of the last trade of the page before.
         */
        get: operations["listSignals"];
        put?: never;
        /**
         * Hand in a signal, once for ever by its id
         * @description The same id with the same body is the same trade, at any time. `Idempotency-Key` may stand for `id`.
         */
        post: operations["submitSignal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits for a person, the most urgent first
         * @description At the most 200.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a signal that waits for it go on
         * @description By the id of the signal. The first word counts; it is checked anew, and then goes on.
         */
        post: operations["approveSignal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deny a signal that waits for an approval
         * @description By the id of the signal. The first word counts; it is checked anew, and then goes on.
         */
        post: operations["rejectSignal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a signal carried out, by its id
         * @description A signal goes on by itself: this only gives the word where one is waited for, which needs the scope `approve` beside `trade`. A preview is executed by its own id.
         */
        post: operations["executeSignal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a signal would come to; nothing is sent or reserved
         * @description Checks, size, orders, margin and commission. What would be denied is a preview as well: `state` says so. It takes some seconds, 35 at the most.
         */
        post: operations["makePreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/previews/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One preview, as it was made
         * @description Nobody is asked again: it shows the market of `made_at`.
         */
        get: operations["getPreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/previews/{id}/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send exactly what a preview shows, once
         * @description Whoever repeats it is given the same trade. Every check is made again, and what fails denies the trade.
         */
        post: operations["executePreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trades": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Trades, newest first */
        get: operations["listTrades"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trades.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All trades that the filters let through, as CSV */
        get: operations["exportTrades"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trades/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One trade whole
         * @description Signal, sizing, every decision, orders, executions, commands, timeline, result.
         */
        get: operations["getTrade"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Move the stop or the target of an open trade, or let it trail
         * @description One of `stop_price`, `target_price` and `trail` at a time: each is a command of its own.
         */
        patch: operations["moveExits"];
        trace?: never;
    };
    "/api/v1/trades/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to a trade, oldest first */
        get: operations["getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trades/{id}/bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prices around the life of a trade, for a chart
         * @description Of the times that its contract was watched in: from its signal until its end.
         */
        get: operations["getBars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trades/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a position now, and what of its entry still works */
        post: operations["closeTrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trades/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel what of an entry is unfilled; what is held stays protected */
        post: operations["cancelTrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders of all trades, newest first */
        get: operations["listOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel the unfilled rest of an entry, by its order
         * @description Exits are not cancelled one by one: what they protect would stand without them.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens to trades, while it happens
         * @description Each `data` is an event as in a trade's timeline, with `id`, `trade_id`, `at`, `kind`,
         *     `summary` and `detail`. Ids grow, and none is left out: a stream that broke is taken up behind its last id. One that
         *     begins now tells its first id before any event, with no `data`. The event `reset` says that this id is not known here
         *     (a restored database): read everything anew. A stream ends with its token (within seconds when it is called back), and after
         *     an hour at the most.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts with their broker and newest values, and whether they may be traded on */
        get: operations["listAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One account: values, mode, result of the day, and what is taken of its limits
         * @description Without `account_id` the one that signals without an account trade on, or the only one.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Connections to brokers: who holds them, and whether they are ready */
        get: operations["listConnections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open positions, and what protects them */
        get: operations["listPositions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pnl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The day so far of each account: what it is measured from, and its result */
        get: operations["listDays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What accounts were worth, newest first */
        get: operations["listEquity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cash-movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deposits, withdrawals and what statements told of cash, newest first */
        get: operations["listCashMovements"];
        put?: never;
        /**
         * Tell of a deposit or a withdrawal, as "ballast account" does
         * @description So that it is no gain or loss of the day. `Idempotency-Key` may stand for `reference`.
         */
        post: operations["tellCashMovement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What stands now: accounts, links, positions, limits, and what waits for a person
         * @description For whoever shows all of it at once, as the dashboard does; `at` is its age.
         */
        get: operations["getNow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/modes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What holds entries back: halt files, modes, pauses */
        get: operations["getModes"];
        put?: never;
        /**
         * Set the mode of the installation, an account or a strategy
         * @description Answered once no entry can be written any more by what was read before. That of the installation is its owner’s.
         */
        post: operations["setMode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/halt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop all entries, as "ballast halt" does
         * @description Exits and repairs go on. It is never refused for how many requests were made.
         */
        post: operations["halt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the halt file away, and lift what a mass breach or recovery mode has paused */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/strategies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Strategies: each is made by its first signal */
        get: operations["listStrategies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/strategies/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold back the entries of a strategy (mode HALTED) */
        post: operations["pauseStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/strategies/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a strategy enter again: its mode is ACTIVE, its pauses end now */
        post: operations["resumeStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/strategies/{id}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Whether signals of a strategy wait for a person */
        put: operations["setApproval"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The limits in force, as they are set, and what is taken of them */
        get: operations["listLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a person, and the pauses in force, each with its next step */
        get: operations["listAttention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flatten": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sell all that trades hold, and open nothing more
         * @description The mode of the accounts becomes REDUCING, and each open trade is given the command to end, once, whoever repeats it. Shares that no trade holds stay. It is never refused for how many requests were made.
         */
        post: operations["flatten"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhooks, the newest first, without their tokens
         * @description Revoked ones too; 500 at the most.
         */
        get: operations["listHooks"];
        put?: never;
        /**
         * Make a webhook; its address is told once
         * @description It trades, so the token needs the scope `trade` beside `admin`. Without API_PUBLIC_URL the address is a path.
         */
        post: operations["createHook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a webhook, for good */
        delete: operations["revokeHook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show the signal that an alert would become; nothing is stored or sent */
        post: operations["testHook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Browsers that are logged in to the dashboard, and tokens, the newest first
         * @description Of the user who asks; revoked ones too, until they would be over; 1000 at the most. Tokens that were signed elsewhere are not among them.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /** Sign out all browsers, or call back all tokens, of the user who asks */
        delete: operations["revokeSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign a browser out, or call a token back, for good */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reports of reconciliations, newest first */
        get: operations["listReconciliations"];
        put?: never;
        /**
         * Compare the books with the broker now
         * @description One that is under way already is waited for, not begun again.
         */
        post: operations["reconcile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconciliations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One report */
        get: operations["getReconciliation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people were told, or are to be, newest first */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ways to people, and how each does */
        get: operations["listChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a test message into the outbox */
        post: operations["testNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the whole log, and say where it breaks first */
        get: operations["verifyAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs by the clock, when it is due, and how its last run ended
         * @description It is asked of Temporal; of the accounts of the user alone.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resolutions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle by hand what no evidence settles, as "ballast resolve"
         * @description In two steps: without `confirm` it shows what is known and what would be done, under a code; with that code it does it, unless anything has changed since. Both steps know the same codes as the command line.
         */
        post: operations["resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is up, and what is not
         * @description Needs no token. 200 also while a part is down; 503 when nothing can be answered.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics, for Prometheus
         * @description Needs the owner's token, or none with METRICS_OPEN. 200 also while the database is away: what can't be read is left out, and said so.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asks, what they may do, and until when */
        get: operations["getSession"];
        put?: never;
        /**
         * Log a browser in by the code of a link
         * @description A code is taken once, within its minutes; "ballast dashboard" prints a link with a new one. The answer sets the cookie.
         */
        post: operations["beginSession"];
        /** Log this browser out */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in an alert of a charting service: the address is the key
         * @description JSON whatever its type is called, mapped to a signal by the template of the webhook. The same alert again is the same trade.
         */
        post: operations["deliverAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Trade: {
            /**
             * Format: uuid
             * @description The trade.
             */
            id: string;
            signal_id: string;
            strategy_id: string;
            account_id: string;
            symbol: string;
            /** @enum {string} */
            side: "BUY" | "SELL";
            /** @enum {string} */
            state: "RECEIVED" | "AWAITING_APPROVAL" | "AWAITING_OPEN" | "PARKED" | "ENTERING" | "ENTRY_UNKNOWN" | "PARTIALLY_OPEN" | "OPEN" | "CLOSING" | "OVERFILLED" | "CLOSED" | "DENIED" | "REJECTED" | "CANCELLED" | "ABANDONED" | "EXPIRED" | "FAILED";
            planned_quantity: string | null;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            filled_quantity: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            held_quantity: string;
            reference_price: string | null;
            average_entry: string | null;
            average_exit: string | null;
            stop_price: string | null;
            target_price: string | null;
            is_protected: boolean;
            exit_reason: string | null;
            denial_codes: string[];
            failure: string | null;
            gross_pnl: string | null;
            commission: string | null;
            realized_pnl: string | null;
            r_multiple: string | null;
            doubt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
            opened_at: string | null;
            closed_at: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            updated_at: string;
        };
        Order: {
            /** @enum {string} */
            side: "BUY" | "SELL";
            order_type: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            quantity: string;
            limit_price: string | null;
            stop_price: string | null;
            trail_amount: string | null;
            trail_fraction: string | null;
            time_in_force: string;
            oca_group: string | null;
            oca_type: number | null;
            /** Format: uuid */
            id: string;
            role: string;
            sequence: number;
            client_order_id: string;
            broker_order_id: string | null;
            session_order_id: number | null;
            incarnations: {
                n: number;
                /** @enum {string} */
                kind: "place" | "modify" | "cancel";
                terms: {
                    /** @enum {string} */
                    side: "BUY" | "SELL";
                    order_type: string;
                    /**
                     * @description A decimal as text.
                     * @example 181.62
                     */
                    quantity: string;
                    limit_price: string | null;
                    stop_price: string | null;
                    trail_amount: string | null;
                    trail_fraction: string | null;
                    time_in_force: string;
                    oca_group: string | null;
                    oca_type: number | null;
                } | null;
                session_order_id: number;
                client_id: number;
                broker_order_id: string | null;
                outcome: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                sending_at: string;
                written_at: string | null;
            }[];
            is_read_back: boolean;
            intent: string;
            status: string;
            broker_status: string | null;
            why_held: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            filled_quantity: string;
            average_price: string | null;
            error: {
                code: number;
                message: string;
            } | null;
            acknowledged_at: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            updated_at: string;
            /**
             * Format: uuid
             * @description The trade.
             */
            trade_id: string;
            symbol: string;
            account_id: string;
            strategy_id: string;
        };
        TradeWhole: {
            /**
             * Format: uuid
             * @description The trade.
             */
            id: string;
            signal_id: string;
            strategy_id: string;
            account_id: string;
            symbol: string;
            /** @enum {string} */
            side: "BUY" | "SELL";
            /** @enum {string} */
            state: "RECEIVED" | "AWAITING_APPROVAL" | "AWAITING_OPEN" | "PARKED" | "ENTERING" | "ENTRY_UNKNOWN" | "PARTIALLY_OPEN" | "OPEN" | "CLOSING" | "OVERFILLED" | "CLOSED" | "DENIED" | "REJECTED" | "CANCELLED" | "ABANDONED" | "EXPIRED" | "FAILED";
            planned_quantity: string | null;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            filled_quantity: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            held_quantity: string;
            reference_price: string | null;
            average_entry: string | null;
            average_exit: string | null;
            stop_price: string | null;
            target_price: string | null;
            is_protected: boolean;
            exit_reason: string | null;
            denial_codes: string[];
            failure: string | null;
            gross_pnl: string | null;
            commission: string | null;
            realized_pnl: string | null;
            r_multiple: string | null;
            doubt: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
            opened_at: string | null;
            closed_at: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            updated_at: string;
            signal: {
                [key: string]: unknown;
            };
            decisions: {
                /** Format: uuid */
                id: string;
                kind: string;
                /** @enum {string} */
                verdict: "approved" | "denied";
                codes: string[];
                findings: {
                    code: string;
                    measured: string;
                    limit: string;
                }[];
                sizing: {
                    inputs: {
                        [key: string]: string | null;
                    };
                    /**
                     * @description A decimal as text.
                     * @example 181.62
                     */
                    raw_quantity: string;
                    caps: {
                        [key: string]: string;
                    };
                    bound_by: string | null;
                    approved: boolean;
                    /**
                     * @description A decimal as text.
                     * @example 181.62
                     */
                    quantity: string;
                    refusal: string | null;
                    risk_amount: string | null;
                    risk_percent: string | null;
                    position_value: string | null;
                    reward_risk: string | null;
                } | null;
                plan: {
                    [key: string]: unknown;
                } | null;
                inputs: unknown;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                decided_at: string;
            }[];
            orders: {
                /** @enum {string} */
                side: "BUY" | "SELL";
                order_type: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                quantity: string;
                limit_price: string | null;
                stop_price: string | null;
                trail_amount: string | null;
                trail_fraction: string | null;
                time_in_force: string;
                oca_group: string | null;
                oca_type: number | null;
                /** Format: uuid */
                id: string;
                role: string;
                sequence: number;
                client_order_id: string;
                broker_order_id: string | null;
                session_order_id: number | null;
                incarnations: {
                    n: number;
                    /** @enum {string} */
                    kind: "place" | "modify" | "cancel";
                    terms: {
                        /** @enum {string} */
                        side: "BUY" | "SELL";
                        order_type: string;
                        /**
                         * @description A decimal as text.
                         * @example 181.62
                         */
                        quantity: string;
                        limit_price: string | null;
                        stop_price: string | null;
                        trail_amount: string | null;
                        trail_fraction: string | null;
                        time_in_force: string;
                        oca_group: string | null;
                        oca_type: number | null;
                    } | null;
                    session_order_id: number;
                    client_id: number;
                    broker_order_id: string | null;
                    outcome: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, in UTC.
                     */
                    sending_at: string;
                    written_at: string | null;
                }[];
                is_read_back: boolean;
                intent: string;
                status: string;
                broker_status: string | null;
                why_held: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                filled_quantity: string;
                average_price: string | null;
                error: {
                    code: number;
                    message: string;
                } | null;
                acknowledged_at: string | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                updated_at: string;
            }[];
            executions: {
                execution_id: string;
                role: string | null;
                /** @enum {string} */
                side: "BUY" | "SELL";
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                quantity: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                price: string;
                commission: string | null;
                commission_currency: string | null;
                broker_order_id: string | null;
                correction: number;
                is_superseded: boolean;
                is_inferred: boolean;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                executed_at: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                received_at: string;
            }[];
            commands: {
                key: string;
                kind: string;
                /** @enum {string} */
                verdict: "pending" | "accepted" | "refused";
                reason: string | null;
                actor: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                created_at: string;
                done_at: string | null;
            }[];
            timeline: {
                id: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                at: string;
                kind: string;
                summary: string;
                detail: unknown;
            }[];
            entry_slippage: string | null;
            stop_delay_ms: number | null;
        };
        PriceBars: {
            /**
             * Format: uuid
             * @description The trade.
             */
            trade_id: string;
            bar_ms: number;
            /** @description By the middle between bid and ask. */
            bars: {
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                at: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                open: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                high: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                low: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                close: string;
            }[];
        };
        SignalTaken: {
            id: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            received_at: string;
            signal: {
                [key: string]: unknown;
            };
            trade: components["schemas"]["Trade"];
        };
        Preview: {
            /** Format: uuid */
            preview_id: string;
            /** @enum {string} */
            state: "approved" | "denied" | "executed" | "expired" | "unmade";
            account_id: string;
            signal_id: string;
            strategy_id: string;
            symbol: string;
            /** @enum {string} */
            side: "BUY" | "SELL";
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
            made_at: string | null;
            as_shown_until: string | null;
            expires_at: string | null;
            replaces: string | null;
            trade_id: string | null;
            shows: {
                /** @enum {string} */
                verdict: "approved" | "denied";
                needs_approval: boolean;
                contract: unknown;
                quote: unknown;
                fx_rate: unknown;
                sizing: {
                    inputs: {
                        [key: string]: string | null;
                    };
                    /**
                     * @description A decimal as text.
                     * @example 181.62
                     */
                    raw_quantity: string;
                    caps: {
                        [key: string]: string;
                    };
                    bound_by: string | null;
                    approved: boolean;
                    /**
                     * @description A decimal as text.
                     * @example 181.62
                     */
                    quantity: string;
                    refusal: string | null;
                    risk_amount: string | null;
                    risk_percent: string | null;
                    position_value: string | null;
                    reward_risk: string | null;
                } | null;
                applied_defaults: {
                    field: string;
                    value: string;
                }[];
                checks: {
                    code: string;
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "not_checked";
                    findings: {
                        measured: string;
                        limit: string;
                    }[];
                }[];
                plan: {
                    [key: string]: unknown;
                } | null;
                orders: {
                    /** @enum {string} */
                    side: "BUY" | "SELL";
                    order_type: string;
                    /**
                     * @description A decimal as text.
                     * @example 181.62
                     */
                    quantity: string;
                    limit_price: string | null;
                    stop_price: string | null;
                    trail_amount: string | null;
                    trail_fraction: string | null;
                    time_in_force: string;
                    oca_group: string | null;
                    oca_type: number | null;
                    role: string;
                    good_till: string | null;
                }[];
                what_if: {
                    initial_margin_change: string | null;
                    maintenance_margin_change: string | null;
                    equity_with_loan_after: string | null;
                    commission: string | null;
                    commission_currency: string;
                    warning_text: string;
                } | null;
                what_if_problem: string | null;
                signal: {
                    [key: string]: unknown;
                };
            } | null;
        };
        Problem: {
            /** @description Names the kind: `urn:ballast:problem:refused`. */
            type: string;
            title: string;
            status: number;
            /** @description For people: what happened, and what to do. */
            detail: string;
            /** @enum {string} */
            code: "INVALID_REQUEST" | "INVALID_JSON" | "INVALID_SIGNAL" | "INVALID_ALERT" | "INVALID_CURSOR" | "UNAUTHENTICATED" | "SCOPE_MISSING" | "OWNER_ONLY" | "STRATEGY_NOT_ALLOWED" | "CROSS_SITE" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "REQUEST_TIMEOUT" | "SIGNAL_CONFLICT" | "SIGNAL_KNOWN" | "PREVIEW_CHANGED" | "PREVIEW_EXPIRED" | "PREVIEW_DENIED" | "PREVIEW_NOT_MADE" | "ACCOUNT_CHANGED" | "EXIT_PROTECTS" | "REFUSED" | "BODY_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "NOT_STORED" | "RATE_LIMITED" | "PREVIEWS_BUSY" | "TOO_MANY_STREAMS" | "HEADERS_TOO_LARGE" | "INTERNAL" | "UNAVAILABLE" | "UNKNOWN_OUTCOME";
            /** @description Also in the header X-Request-Id, and in the log. */
            request_id: string;
            /** @description What is wrong, and where. */
            errors?: {
                path: string;
                message: string;
            }[];
            /** @description The trade of an id that is known. */
            trade_id?: string;
            /** @description With `PREVIEW_CHANGED`: the new one, which may be executed instead. */
            preview?: components["schemas"]["Preview"];
        };
        Approval: {
            /** Format: uuid */
            trade_id: string;
            signal_id: string;
            strategy_id: string;
            account_id: string;
            symbol: string;
            /** @enum {string} */
            side: "BUY" | "SELL";
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            quantity: string;
            price: string | null;
            stop_price: string | null;
            target_price: string | null;
            risk: string | null;
            summary: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            asked_at: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            expires_at: string;
            seconds_left: number;
        };
        Attention: {
            kind: string;
            account_id: string | null;
            symbol: string | null;
            trade_id: string | null;
            trade_ids?: string[];
            strategy_id?: string;
            side?: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            until?: string;
            reason: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            since: string;
            command?: string;
            advice?: string;
        };
        Strategy: {
            strategy_id: string;
            account_id: string;
            /** @enum {string} */
            mode: "ACTIVE" | "REDUCING" | "HALTED";
            approval: ("none" | "required") | null;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
        };
        Exposure: {
            /** @description The setting: `MAX_POSITION_PCT`. */
            limit: string;
            account_id: string;
            /** @description A position, a strategy, a sector; null: the account. */
            of: string | null;
            /**
             * @description Money in the base currency of the account, or a count.
             * @example 181.62
             */
            used: string;
            /** @description With what account and strategy lay over it. Null: no limit, or the account’s values are not known. */
            allowed: string | null;
            /** @description `used` over `allowed`. */
            share: string | null;
            /** @description Null: it is a count. */
            currency: string | null;
        };
        Limit: {
            name: string;
            /** @description Of the installation. */
            value: string | null;
            unit: string;
            description: string;
            /** @description What is taken of it; none: it is no such limit. */
            exposures: components["schemas"]["Exposure"][];
        };
        Position: {
            account_id: string;
            strategy_id: string | null;
            symbol: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            quantity: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            average_cost: string;
            closing_price: string | null;
            quote_at: string | null;
            unrealized_pnl: string | null;
            trades: {
                /** Format: uuid */
                trade_id: string;
                state: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                held_quantity: string;
                stop_price: string | null;
                target_price: string | null;
                is_protected: boolean;
                regular_hours_only: boolean;
                excess_exits: string | null;
            }[];
        };
        Account: {
            account_id: string;
            broker: string;
            /** Format: uuid */
            connection_id: string;
            is_paper: boolean;
            mode: string;
            base_currency: string;
            net_liquidation: string | null;
            available_funds: string | null;
            buying_power: string | null;
            values_at: string | null;
            /** @description Something may be opened on it now. */
            is_tradeable: boolean;
            /** @description The reason codes that any entry would be denied with now. */
            denied_by: string[];
        };
        Connection: {
            /** Format: uuid */
            id: string;
            host: string;
            port: number;
            client_id: number;
            lease_holder: string | null;
            lease_epoch: number;
            lease_left_ms: number | null;
            stand_bys: string[];
            down_since: string | null;
            parked_reason: string | null;
            parked_until: string | null;
            picture_at: string | null;
            age_ms: number;
            generation: number;
            is_ready: boolean;
            last_message_at: string | null;
            clock_skew_ms: number | null;
            health: unknown;
        };
        AccountDay: {
            account_id: string;
            currency: string;
            day: string;
            measured_from: string | null;
            measured_at: string | null;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            net_flows: string;
            net_liquidation: string | null;
            values_at: string | null;
            result: string | null;
            loss_reached: boolean;
        };
        Equity: {
            account_id: string;
            currency: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            at: string;
            day: string;
            /** @enum {string} */
            kind: "intraday" | "close";
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            net_liquidation: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            total_cash: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            net_flows: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            realized_pnl: string;
            unrealized_pnl: string | null;
        };
        CashMovement: {
            account_id: string;
            reference: string;
            kind: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            amount: string;
            currency: string;
            told_amount: string | null;
            told_currency: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            at: string;
            source: string;
            same_as: string | null;
            note: string | null;
            actor: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            recorded_at: string;
        };
        AccountNow: {
            account: components["schemas"]["Account"];
            day: components["schemas"]["AccountDay"] | null;
            /** @description What is taken of each limit; `/api/v1/limits` says what they mean. */
            exposures: components["schemas"]["Exposure"][];
        };
        CashMovementTold: {
            movement: components["schemas"]["CashMovement"];
            day: components["schemas"]["AccountDay"];
            /** @description False: it stood already. */
            is_new: boolean;
            /** @description It is taken out of that day's result. */
            counts: boolean;
        };
        CommandTaken: {
            /** Format: uuid */
            trade_id: string;
            kind: string;
            /** @description The idempotency key, made here where none came. */
            key: string;
            /** @enum {string} */
            verdict: "accepted";
            /** @description What there is to know of it. */
            reason: string | null;
        };
        Flattened: {
            /** @description With their modes: none of them opens anything. */
            accounts: {
                account_id: string;
                /** @enum {string} */
                mode: "ACTIVE" | "REDUCING" | "HALTED";
            }[];
            trades: {
                /** Format: uuid */
                trade_id: string;
                account_id: string;
                symbol: string;
                side: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                held_quantity: string;
                /**
                 * @description `refused`: it is over, or its key is another command’s. `failed`: try it again.
                 * @enum {string}
                 */
                outcome: "ending" | "refused" | "failed";
                reason: string | null;
            }[];
            /** @description Shares that no trade holds: they stay. */
            untouched: {
                account_id: string;
                symbol: string;
                /**
                 * @description A decimal as text.
                 * @example 181.62
                 */
                quantity: string;
            }[];
        };
        Health: {
            /** @enum {string} */
            status: "up" | "degraded" | "down";
            parts: {
                name: string;
                /** @enum {string} */
                state: "up" | "down" | "unknown";
                detail: string;
            }[];
        };
        HookAnswer: {
            /** Format: uuid */
            trade_id: string;
            /** @description False: the same alert was known, nothing happened. */
            is_new: boolean;
            /** @description The trade, in this API. */
            link: string;
        };
        OpenTrade: {
            /** Format: uuid */
            trade_id: string;
            account_id: string;
            symbol: string;
            side: string;
            state: string;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            held_quantity: string;
            planned_quantity: string | null;
            /**
             * @description A decimal as text.
             * @example 181.62
             */
            filled_quantity: string;
            /** @description Of its entry; null at the market. */
            limit_price: string | null;
            stop_price: string | null;
            /** @description Exactly what is held is covered by armed stops, as last known. */
            is_protected: boolean;
            unprotected_since: string | null;
        };
        Now: {
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            at: string;
            accounts: components["schemas"]["Account"][];
            days: components["schemas"]["AccountDay"][];
            connections: components["schemas"]["Connection"][];
            positions: components["schemas"]["Position"][];
            open: components["schemas"]["OpenTrade"][];
            exposures: components["schemas"]["Exposure"][];
            halted_by: string[];
            modes: {
                /** @enum {string} */
                kind: "installation" | "account" | "strategy";
                name: string | null;
                /** @enum {string} */
                mode: "ACTIVE" | "REDUCING" | "HALTED";
            }[];
            pauses: components["schemas"]["Attention"][];
            attention: components["schemas"]["Attention"][];
            /** @description How many signals wait for a person. */
            approvals: number;
        };
        Hook: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            template: "tradingview" | "plain";
            strategies: string[];
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
            created_by: string;
            last_used_at: string | null;
            revoked_at: string | null;
            revoked_by: string | null;
        };
        Reconciliation: {
            /** Format: uuid */
            reconciliation_id: string;
            account_id: string;
            trigger: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            started_at: string;
            picture_at: string | null;
            finished_at: string | null;
            outcome: string | null;
            reason: string | null;
            compared: {
                contracts: number;
                held_contracts: number;
                external_contracts: number;
                trades: number;
                orders_in_books: number;
                own_orders_at_broker: number;
                foreign_orders: number;
                executions: number;
                unknown_orders_over: number;
            } | null;
            unexplained_value: string | null;
            findings: {
                kind: string;
                symbol: string | null;
                trade_ids: string[];
                books: string | null;
                broker: string | null;
                difference: string | null;
                value: string | null;
                summary: string;
                step: string;
                why: string;
                done: string;
            }[];
            more_findings: number;
        };
        Notification: {
            /** Format: uuid */
            id: string;
            kind: string;
            trade_id: string | null;
            summary: string;
            detail: unknown;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
            routed_at: string | null;
            deliveries: {
                channel: string;
                /** @enum {string} */
                state: "pending" | "sent" | "given_up";
                attempts: number;
                last_error: string | null;
                next_at: string | null;
                done_at: string | null;
            }[];
        };
        Channel: {
            name: string;
            silent_ms: number;
            failures: number;
            last_error: string | null;
            last_sent_at: string | null;
            pending: number;
            oldest_ms: number | null;
            given_up: number;
        };
        AuditEntry: {
            id: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            at: string;
            actor: string;
            action: string;
            subject: string;
            body: unknown;
            hash: string;
        };
        AuditCheck: {
            entries: string;
            head: string | null;
            broken: {
                id: string | null;
                at: string | null;
                /** @enum {string} */
                wrong: "hash" | "previous" | "end" | "head";
                why: string;
            } | null;
        };
        Schedule: {
            job: string;
            account_id: string;
            schedule_id: string;
            next_at: string | null;
            next_at_new_york: string | null;
            is_paused: boolean;
            note: string;
            last: {
                workflow_id: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                due_at: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, in UTC.
                 */
                started_at: string;
                status: string;
                day: string | null;
                done: boolean | null;
                summary: string | null;
            } | null;
        };
        PreviewExecuted: {
            /** Format: uuid */
            trade_id: string;
            /** @description False: it was executed before, nothing new was sent. */
            is_new: boolean;
            /** @description It is kept, and begins by itself once Temporal answers. */
            starts_later: boolean;
        };
        SignalAnswer: {
            /** Format: uuid */
            trade_id: string;
            /** @description False: the same signal was known, nothing happened. */
            is_new: boolean;
            /** @description It is kept, and begins by itself once Temporal answers. */
            starts_later: boolean;
            /** @description With `wait=verdict`. */
            trade: components["schemas"]["TradeWhole"] | null;
        };
        SignalExecuted: {
            /** Format: uuid */
            trade_id: string;
            /** @enum {string} */
            state: "RECEIVED" | "AWAITING_APPROVAL" | "AWAITING_OPEN" | "PARKED" | "ENTERING" | "ENTRY_UNKNOWN" | "PARTIALLY_OPEN" | "OPEN" | "CLOSING" | "OVERFILLED" | "CLOSED" | "DENIED" | "REJECTED" | "CANCELLED" | "ABANDONED" | "EXPIRED" | "FAILED";
            /** @description True: this was the word that it waited for. */
            is_new: boolean;
        };
        Resolution: {
            subject: string;
            does: string[];
            evidence: string[];
            /** @description By which it is confirmed, while nothing changes. */
            code: string;
            is_done: boolean;
        };
        SessionRow: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "dashboard" | "token";
            scopes: string[];
            /** @description Of a dashboard’s: who made the link. */
            created_by: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            expires_at: string;
            /** @description To the minute; null: never. */
            last_used_at: string | null;
            /** @description The address that it was last used from; behind a proxy it is the proxy’s. */
            used_from: string | null;
            /** @description What the browser or the program called itself then: whatever it liked. */
            used_by: string | null;
            revoked_at: string | null;
            revoked_by: string | null;
        };
        Session: {
            user: string;
            /** @description May turn what concerns all users. */
            is_owner: boolean;
            scopes: ("read" | "trade" | "approve" | "admin")[];
            /**
             * Format: date-time
             * @description ISO 8601, in UTC.
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description By the clock of the API’s machine.
             */
            server_time: string;
            /** @description Of the Temporal UI: behind it comes the id of a workflow; null: not known. */
            workflows_url: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listSignals: {
        parameters: {
            query?: {
                /** @description `live`, `ended`, or a state. */
                status?: "live" | "ended" | "RECEIVED" | "AWAITING_APPROVAL" | "AWAITING_OPEN" | "PARKED" | "ENTERING" | "ENTRY_UNKNOWN" | "PARTIALLY_OPEN" | "OPEN" | "CLOSING" | "OVERFILLED" | "CLOSED" | "DENIED" | "REJECTED" | "CANCELLED" | "ABANDONED" | "EXPIRED" | "FAILED";
                symbol?: string;
                strategy_id?: string;
                account_id?: string;
                side?: "BUY" | "SELL";
                /** @description Taken in at this instant or later. */
                from?: string;
                /** @description Taken in before this instant. */
                until?: string;
                /** @description So many at the most. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it the newest. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SignalTaken"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_CURSOR`: The cursor is of no page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitSignal: {
        parameters: {
            query?: {
                /** @description Answer when it was judged, or after `wait_ms`. */
                wait?: "verdict";
                wait_ms?: number;
            };
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    strategy_id: string;
                    account_id?: string;
                    symbol: string;
                    /** @enum {string} */
                    security_type?: "STK";
                    exchange?: string;
                    currency?: string;
                    /** @enum {string} */
                    side?: "BUY" | "SELL";
                    /** @enum {string} */
                    signal_type?: "BUY" | "SELL";
                    /** @enum {string} */
                    order_type?: "MKT" | "LMT";
                    entry_price?: string | number;
                    stop_loss?: string | number;
                    stop_loss_pct?: string | number;
                    take_profit?: string | number;
                    take_profit_pct?: string | number;
                    trailing_stop?: {
                        amount: string | number;
                    } | {
                        percent: string | number;
                    };
                    quantity?: string | number;
                    risk_pct?: string | number;
                    /** @enum {string} */
                    risk_category?: "small" | "normal" | "large";
                    /** @enum {string} */
                    time_in_force?: "DAY" | "GTC";
                    /** Format: date-time */
                    expires_at?: string;
                    max_holding?: string;
                    close_at_session_end?: boolean;
                    /** @enum {string} */
                    when_closed?: "deny" | "queue";
                    /** @enum {string} */
                    on_opposite?: "close" | "reverse" | "deny";
                    /** Format: date-time */
                    generated_at?: string;
                    confidence?: string | number;
                    indicators?: {
                        [key: string]: number;
                    };
                    context?: unknown;
                };
            };
        };
        responses: {
            /** @description It was known, or `wait` was answered: nothing is open. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalAnswer"];
                };
            };
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalAnswer"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. `INVALID_SIGNAL`: The signal is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SIGNAL_CONFLICT`: The id is known with another body. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_STORED`: The database refuses what stands in the body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. `UNKNOWN_OUTCOME`: Nobody knows yet whether it was stored. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that can still be decided. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Approval"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approveSignal: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Taken and recorded; it is carried out from now on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandTaken"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rejectSignal: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Taken and recorded; it is carried out from now on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandTaken"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    executeSignal: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    signal_id: string;
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description It was carried out, and is closed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalExecuted"];
                };
            };
            /** @description It goes on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalExecuted"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    makePreview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id?: string;
                    strategy_id: string;
                    account_id?: string;
                    symbol: string;
                    /** @enum {string} */
                    security_type?: "STK";
                    exchange?: string;
                    currency?: string;
                    /** @enum {string} */
                    side?: "BUY" | "SELL";
                    /** @enum {string} */
                    signal_type?: "BUY" | "SELL";
                    /** @enum {string} */
                    order_type?: "MKT" | "LMT";
                    entry_price?: string | number;
                    stop_loss?: string | number;
                    stop_loss_pct?: string | number;
                    take_profit?: string | number;
                    take_profit_pct?: string | number;
                    trailing_stop?: {
                        amount: string | number;
                    } | {
                        percent: string | number;
                    };
                    quantity?: string | number;
                    risk_pct?: string | number;
                    /** @enum {string} */
                    risk_category?: "small" | "normal" | "large";
                    /** @enum {string} */
                    time_in_force?: "DAY" | "GTC";
                    /** Format: date-time */
                    expires_at?: string;
                    max_holding?: string;
                    close_at_session_end?: boolean;
                    /** @enum {string} */
                    when_closed?: "deny" | "queue";
                    /** @enum {string} */
                    on_opposite?: "close" | "reverse" | "deny";
                    /** Format: date-time */
                    generated_at?: string;
                    confidence?: string | number;
                    indicators?: {
                        [key: string]: number;
                    };
                    context?: unknown;
                };
            };
        };
        responses: {
            /** @description The preview. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. `INVALID_SIGNAL`: The signal is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SIGNAL_KNOWN`: The signal was taken in before. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. `PREVIEWS_BUSY`: Too many previews are being made. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The preview. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    executePreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description It was executed before: that trade. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewExecuted"];
                };
            };
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewExecuted"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SIGNAL_KNOWN`: The signal was taken in before. `PREVIEW_CHANGED`: Price or size have moved: a new preview is given. `PREVIEW_EXPIRED`: The preview is too old. `PREVIEW_DENIED`: The preview shows a denial. `PREVIEW_NOT_MADE`: There is nothing to execute, or to compare with. `ACCOUNT_CHANGED`: The strategy trades on another account now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. `PREVIEWS_BUSY`: Too many previews are being made. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTrades: {
        parameters: {
            query?: {
                /** @description `live`, `ended`, or a state. */
                status?: "live" | "ended" | "RECEIVED" | "AWAITING_APPROVAL" | "AWAITING_OPEN" | "PARKED" | "ENTERING" | "ENTRY_UNKNOWN" | "PARTIALLY_OPEN" | "OPEN" | "CLOSING" | "OVERFILLED" | "CLOSED" | "DENIED" | "REJECTED" | "CANCELLED" | "ABANDONED" | "EXPIRED" | "FAILED";
                symbol?: string;
                strategy_id?: string;
                account_id?: string;
                side?: "BUY" | "SELL";
                /** @description Taken in at this instant or later. */
                from?: string;
                /** @description Taken in before this instant. */
                until?: string;
                /** @description So many at the most. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it the newest. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Trade"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_CURSOR`: The cursor is of no page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportTrades: {
        parameters: {
            query?: {
                /** @description `live`, `ended`, or a state. */
                status?: "live" | "ended" | "RECEIVED" | "AWAITING_APPROVAL" | "AWAITING_OPEN" | "PARKED" | "ENTERING" | "ENTRY_UNKNOWN" | "PARTIALLY_OPEN" | "OPEN" | "CLOSING" | "OVERFILLED" | "CLOSED" | "DENIED" | "REJECTED" | "CANCELLED" | "ABANDONED" | "EXPIRED" | "FAILED";
                symbol?: string;
                strategy_id?: string;
                account_id?: string;
                side?: "BUY" | "SELL";
                /** @description Taken in at this instant or later. */
                from?: string;
                /** @description Taken in before this instant. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A header, then a line for each. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrade: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trade. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TradeWhole"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    moveExits: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    stop_price?: string | number;
                    /** @description The stop may risk more than the one that stands, within the limits. */
                    widen?: boolean;
                    target_price?: string | number;
                    /** @description The stop follows the best price from now on, so far behind it. */
                    trail?: {
                        amount: string | number;
                    } | {
                        percent: string | number;
                    };
                };
            };
        };
        responses: {
            /** @description Taken and recorded; it is carried out from now on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandTaken"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its timeline. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601, in UTC.
                             */
                            at: string;
                            kind: string;
                            summary: string;
                            detail: unknown;
                        }[];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBars: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bars. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceBars"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closeTrade: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Taken and recorded; it is carried out from now on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandTaken"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelTrade: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Taken and recorded; it is carried out from now on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandTaken"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description `open`: those that are, or may be, at the broker. */
                status?: "open";
                symbol?: string;
                account_id?: string;
                /** @description So many at the most. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it the newest. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Order"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_CURSOR`: The cursor is of no page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Taken and recorded; it is carried out from now on. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandTaken"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `EXIT_PROTECTS`: An exit is not cancelled alone. `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /** @description Only of this trade. */
                trade_id?: string;
                /** @description As the header Last-Event-ID; 0: everything there is. */
                last_event_id?: string;
            };
            header?: {
                /** @description Goes on behind this event; without it with what happens from now on. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. `TOO_MANY_STREAMS`: Too many streams are open. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Account"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAccount: {
        parameters: {
            query?: {
                account_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountNow"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConnections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Connection"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPositions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Position"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One for each account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AccountDay"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEquity: {
        parameters: {
            query?: {
                /** @description So many at the most. */
                limit?: number;
                account_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Equity"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCashMovements: {
        parameters: {
            query?: {
                /** @description So many at the most. */
                limit?: number;
                account_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CashMovement"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tellCashMovement: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    account_id: string;
                    /** @enum {string} */
                    kind: "deposit" | "withdrawal";
                    /** @description Above zero, in the account's base currency. */
                    amount: string | number;
                    /**
                     * Format: date-time
                     * @description When the account's values had it first; without it now.
                     */
                    at?: string;
                    /** @description The same one again is the same movement; made of it where none is. */
                    reference?: string;
                    note?: string;
                };
            };
        };
        responses: {
            /** @description It stood already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CashMovementTold"];
                };
            };
            /** @description Recorded. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CashMovementTold"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Now"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What holds entries back. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What each halt file says; none: no file halts. */
                        halted_by: string[];
                        modes: {
                            /** @enum {string} */
                            kind: "installation" | "account" | "strategy";
                            name: string | null;
                            /** @enum {string} */
                            mode: "ACTIVE" | "REDUCING" | "HALTED";
                        }[];
                        pauses: components["schemas"]["Attention"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setMode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    kind: "installation" | "account" | "strategy";
                    name?: string;
                    /** @enum {string} */
                    mode: "ACTIVE" | "REDUCING" | "HALTED";
                };
            };
        };
        responses: {
            /** @description What holds entries back. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description What each halt file says; none: no file halts. */
                        halted_by: string[];
                        modes: {
                            /** @enum {string} */
                            kind: "installation" | "account" | "strategy";
                            name: string | null;
                            /** @enum {string} */
                            mode: "ACTIVE" | "REDUCING" | "HALTED";
                        }[];
                        pauses: components["schemas"]["Attention"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. `OWNER_ONLY`: Only the owner of the installation may do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    halt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Nothing is opened any more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description `mode`: no engine is known to look at a halt file from here; the mode holds instead.
                         * @enum {string}
                         */
                        by: "file" | "mode";
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. `OWNER_ONLY`: Only the owner of the installation may do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description What was lifted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description A halt file was there; it is gone. */
                        was_halted: boolean;
                        lifted_pauses: number;
                        /**
                         * @description Of the installation: it stays as it is.
                         * @enum {string}
                         */
                        mode: "ACTIVE" | "REDUCING" | "HALTED";
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. `OWNER_ONLY`: Only the owner of the installation may do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStrategies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Strategy"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The strategy now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Strategy"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The strategy now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Strategy"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    approval: "none" | "required";
                };
            };
        };
        responses: {
            /** @description The strategy now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Strategy"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLimits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Limit"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAttention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Attention"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flatten: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key for the same trade is the same command, once. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Without it nothing is done.
                     * @enum {boolean}
                     */
                    confirm: true;
                    /** @description Only that account; else all of them. */
                    account_id?: string;
                };
            };
        };
        responses: {
            /** @description Taken and recorded, trade by trade. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flattened"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Hook"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createHook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    template: "tradingview" | "plain";
                    /** @description The strategies that it may send signals of. */
                    strategies: string[];
                };
            };
        };
        responses: {
            /** @description It takes alerts from now on. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        /** @enum {string} */
                        template: "tradingview" | "plain";
                        strategies: string[];
                        /**
                         * Format: date-time
                         * @description ISO 8601, in UTC.
                         */
                        created_at: string;
                        created_by: string;
                        last_used_at: string | null;
                        revoked_at: string | null;
                        revoked_by: string | null;
                        /** @description Its address, which holds its token: it is told this once. */
                        url: string;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeHook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its address is nobody’s now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hook"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testHook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description The signal. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        signal: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. `INVALID_ALERT`: The alert is no signal. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. `STRATEGY_NOT_ALLOWED`: The webhook is not of this strategy. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "dashboard" | "token";
                            scopes: string[];
                            /** @description Of a dashboard’s: who made the link. */
                            created_by: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601, in UTC.
                             */
                            created_at: string;
                            /**
                             * Format: date-time
                             * @description ISO 8601, in UTC.
                             */
                            expires_at: string;
                            /** @description To the minute; null: never. */
                            last_used_at: string | null;
                            /** @description The address that it was last used from; behind a proxy it is the proxy’s. */
                            used_from: string | null;
                            /** @description What the browser or the program called itself then: whatever it liked. */
                            used_by: string | null;
                            revoked_at: string | null;
                            revoked_by: string | null;
                            /** @description The one that asks. */
                            is_this: boolean;
                        }[];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeSessions: {
        parameters: {
            query?: {
                kind?: "dashboard" | "token";
                /** @description The one that asks stays. */
                except_this?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description None of them is taken any more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description So many. */
                        revoked: number;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is taken nowhere any more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRow"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReconciliations: {
        parameters: {
            query?: {
                /** @description So many at the most. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it the newest. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Reconciliation"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_CURSOR`: The cursor is of no page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reconcile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    account_id?: string;
                };
            };
        };
        responses: {
            /** @description A report for each account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Reconciliation"][];
                    };
                };
            };
            /** @description It goes on; the list has it later. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Reconciliation"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description `true`: only what has not arrived on some channel. */
                undelivered?: "true" | "false";
                /** @description So many at the most. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it the newest. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Notification"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_CURSOR`: The cursor is of no page. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that were ever used. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Channel"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. `OWNER_ONLY`: Only the owner of the installation may do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testNotification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description So many at the most. */
                limit?: number;
                /** @description `next_cursor` of the page before; without it the newest. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether it is as it was written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCheck"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. `OWNER_ONLY`: Only the owner of the installation may do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By account, in the order of the day. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Schedule"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    kind: "order";
                    /** Format: uuid */
                    trade_id: string;
                    /** @description Its reference, or its role: entry, stop, "stop 2". */
                    order: string;
                    /** @description The code of what was shown: it is done. Without it nothing is. */
                    confirm?: string;
                    /** @description Its permanent id where it is at the broker; null: it is not there. */
                    broker_order_id: string | null;
                    without_picture?: boolean;
                } | {
                    /** @enum {string} */
                    kind: "fill";
                    execution_id: string;
                    client_order_id: string;
                    /** @description The code of what was shown: it is done. Without it nothing is. */
                    confirm?: string;
                } | {
                    /** @enum {string} */
                    kind: "missing_fill";
                    /** Format: uuid */
                    trade_id: string;
                    /** @description Its reference, or its role: entry, stop, "stop 2". */
                    order: string;
                    /** @description The code of what was shown: it is done. Without it nothing is. */
                    confirm?: string;
                    quantity: string | number;
                    price: string | number;
                    /** Format: date-time */
                    executed_at: string;
                } | {
                    /** @enum {string} */
                    kind: "difference";
                    /** Format: uuid */
                    trade_id: string;
                    /** @description The code of what was shown: it is done. Without it nothing is. */
                    confirm?: string;
                    /** @description Null: nobody knows it. */
                    price: string | number | null;
                    quantity?: string | number;
                } | {
                    /** @enum {string} */
                    kind: "split";
                    /** Format: uuid */
                    trade_id: string;
                    /** @description What a person reads at the broker, where no live quote is known here. */
                    market_price?: string | number;
                    /** @description The code of what was shown: it is done. Without it nothing is. */
                    confirm?: string;
                    stop_price?: string | number;
                    target_price?: string | number;
                    /** @description New shares to old ones, where a hand has traded since: `2:1`, `1:10`. */
                    ratio?: string;
                } | {
                    /** @enum {string} */
                    kind: "position";
                    symbol: string;
                    stop_price: string | number;
                    /** @description The code of what was shown: it is done. Without it nothing is. */
                    confirm?: string;
                    target_price?: string | number;
                    /** @description What a person reads at the broker, where no live quote is known here. */
                    market_price?: string | number;
                    /** @default adopted */
                    strategy_id?: string;
                    account_id?: string;
                    broker_contract_id?: number;
                } | {
                    /** @enum {string} */
                    kind: "quarantine";
                    symbol: string;
                    /** @description What a person reads at the broker, where no live quote is known here. */
                    market_price?: string | number;
                    /** @description The code of what was shown: it is done. Without it nothing is. */
                    confirm?: string;
                };
            };
        };
        responses: {
            /** @description What would be done, or was (`is_done`). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resolution"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The database answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text format of Prometheus. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `OWNER_ONLY`: Only the owner of the installation may do this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of the token or the session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SCOPE_MISSING`: The token does not allow this. `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    code: string;
                };
            };
        };
        responses: {
            /** @description Logged in. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REFUSED`: It can not be done now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has no session any more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        is_logged_in: false;
                    };
                };
            };
            /** @description `CROSS_SITE`: The session is used by another page than the dashboard. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deliverAlert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookAnswer"];
                };
            };
            /** @description `INVALID_REQUEST`: The request is not valid. `INVALID_JSON`: The body is no JSON, or its values are not what it says. `INVALID_ALERT`: The alert is no signal. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `STRATEGY_NOT_ALLOWED`: The webhook is not of this strategy. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `METHOD_NOT_ALLOWED`: The method is not known here. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SIGNAL_CONFLICT`: The id is known with another body. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The body is of a type that is not read. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_STORED`: The database refuses what stands in the body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part that is needed does not answer. `UNKNOWN_OUTCOME`: Nobody knows yet whether it was stored. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
