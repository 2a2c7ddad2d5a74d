/** Settings: what programs see of this installation, metrics and traces. */
import { flag, optionalPort, optionalText } from './fields.js';

const scraped = (process: string) =>
  optionalPort({
    description: `The port of this machine on which the ${process} exposes its own metrics (docs/metrics.md).`,
    reason:
      'Unset: on none. `npm start` takes one of its own block. Where several run on one machine each is given its own; one that is taken already is told in the log, and the process goes on without.',
  });

export const observeSettings = {
  METRICS_OPEN: flag(false, {
    description: 'Whether `GET /metrics` of the HTTP API is answered without a token.',
    reason:
      "It tells how trading goes, of all users. Without this it takes the owner's token with the scope `read`, as Prometheus sends it by `authorization`.",
  }),
  BROKER_WORKER_METRICS_PORT: scraped('broker worker'),
  TRADE_WORKER_METRICS_PORT: scraped('trade worker'),
  NOTIFIER_METRICS_PORT: scraped('notifier'),
  WATCHDOG_METRICS_PORT: scraped('watchdog'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalText(
    {
      description:
        'Where traces are sent (OTLP over HTTP), such as http://127.0.0.1:4318 (docs/traces.md).',
      reason: 'Unset: none are made.',
    },
    {
      pattern: /^https?:\/\/[^\s?#]+$/,
      allowed: 'an address that begins with http:// or https://',
    },
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optionalText(
    {
      description: 'What goes with each batch of traces, such as the key of whoever takes them.',
      reason: 'Unset: nothing.',
    },
    {
      pattern: /^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/,
      allowed: 'name=value, several with commas between',
      secret: true,
    },
  ),
};
