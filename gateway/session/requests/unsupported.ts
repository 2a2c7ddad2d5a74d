/** Requests that exist in the protocol but not here: each gets a polite refusal under its own id. */
import type { FieldReader } from '../../protocol/fields.js';
import type { Hub } from '../hub.js';
import type { RequestHandlers, Session } from '../session.js';

/** What can't be had, by message id, and where its request id stands (-1: it has none). */
const REFUSED: Readonly<Record<number, readonly [what: string, idAt: number]>> = {
  10: ['market depth', 1],
  12: ['news bulletins', -1],
  18: ['advisor configuration', -1],
  19: ['advisor configuration', -1],
  21: ['option exercise', 1],
  22: ['market scanners', 0],
  24: ['market scanners', -1],
  50: ['real-time bars', 1],
  52: ['fundamental data', 1],
  54: ['option calculations', 1],
  55: ['option calculations', 1],
  65: ['verification', -1],
  66: ['verification', -1],
  67: ['display groups', 1],
  68: ['display groups', 1],
  69: ['display groups', 1],
  72: ['verification', -1],
  73: ['verification', -1],
  78: ['option chains', 0],
  79: ['soft dollar tiers', 0],
  80: ['family codes', -1],
  82: ['market depth exchanges', -1],
  83: ['smart components', 0],
  84: ['news', 0],
  85: ['news', -1],
  86: ['news', 0],
  87: ['head timestamps', 0],
  88: ['histograms', 0],
  96: ['historical ticks', 0],
  97: ['tick-by-tick data', 0],
  100: ['event calendars', 0],
  102: ['event calendars', 0],
  104: ['user information', 0],
};

/** Cancels of the above: there is nothing to cancel, and TWS says nothing either. */
const IGNORED = [11, 13, 23, 51, 53, 56, 57, 70, 89, 90, 98, 101, 103];

function refuse(what: string, idAt: number) {
  return (_hub: Hub, session: Session, reader: FieldReader): void => {
    let reqId = -1;
    if (idAt >= 0) {
      reader.skip(idAt);
      reqId = reader.int('reqId', -1);
    }
    const message = `Error validating request.-'bZ' : cause - This paper gateway has no ${what}.`;
    session.error(reqId, 321, message);
  };
}

function build(): RequestHandlers {
  const handlers: RequestHandlers = {};
  for (const [id, [what, idAt]] of Object.entries(REFUSED)) {
    handlers[Number(id)] = { handle: refuse(what, idAt) };
  }
  for (const id of IGNORED) handlers[id] = { handle: () => undefined };
  return handlers;
}

export const UNSUPPORTED_REQUESTS: RequestHandlers = build();
