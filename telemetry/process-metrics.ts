/** The metrics that a process counts of itself, from its start on. */
import type { MetricAbout } from './metric.js';

/** A commit takes milliseconds, minutes while the database is away. */
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120];
/** From a read of one row to the longest wait for a verdict. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

const PRIORITY = { priority: 'proof, protect, entry, query' };

const broker = <Kind extends MetricAbout['kind']>(
  kind: Kind,
  help: string,
  more: Pick<MetricAbout, 'labels' | 'buckets'> = {},
) => ({ kind, from: 'broker worker' as const, help, ...more });

export const PROCESS_METRICS = {
  ballast_broker_connected: broker('gauge', '1 while the link to the broker is READY, else 0.'),
  ballast_broker_lease_held: broker('gauge', '1 while this process may send, else 0.'),
  ballast_broker_generation: broker(
    'gauge',
    'Grows with each handshake, and with each loss of the broker’s servers.',
  ),
  ballast_pacing_used: broker('gauge', 'Messages that count against the limit of a second now.'),
  ballast_pacing_limit: broker('gauge', 'Messages in a second at the most.'),
  ballast_pacing_waiting: broker('gauge', 'Messages and turns to write that wait.', {
    labels: PRIORITY,
  }),
  ballast_broker_sends_total: broker(
    'counter',
    'Groups of messages, by what became of the write.',
    {
      labels: { priority: 'protect, entry', outcome: 'written, not_written, refused' },
    },
  ),
  ballast_broker_send_seconds: broker(
    'histogram',
    'From asking for a turn to write until the group was written or was not.',
    { labels: { priority: 'protect, entry' }, buckets: LAG_SECONDS },
  ),
  ballast_event_committed_seconds: broker(
    'histogram',
    "From a callback of the broker's to its commit.",
    { buckets: LAG_SECONDS },
  ),
  ballast_event_told_seconds: broker(
    'histogram',
    "From the commit of a change until its trade's workflow was told of it.",
    { buckets: LAG_SECONDS },
  ),
  ballast_inbox_held: broker('gauge', 'Callbacks in memory that are not committed yet.'),
  ballast_inbox_stuck: broker('gauge', 'Trades with callbacks that can not be booked now.'),
  ballast_http_requests_total: {
    kind: 'counter',
    from: 'api',
    help: 'Requests that were answered.',
    labels: {
      method: 'of HTTP',
      route: 'the pattern of the address; none: there is nothing at it',
      status: '2xx, 3xx, 4xx, 5xx',
    },
  },
  ballast_http_request_seconds: {
    kind: 'histogram',
    from: 'api',
    help: 'From the head of a request to the end of its answer; streams of events are left out.',
    labels: { route: 'the pattern of the address' },
    buckets: REQUEST_SECONDS,
  },
  ballast_http_streams: { kind: 'gauge', from: 'api', help: 'Streams of events that are open.' },
} as const satisfies Record<string, MetricAbout>;

export type ProcessMetric = keyof typeof PROCESS_METRICS;
