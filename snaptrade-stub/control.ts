/**
 * The control port, on the loopback interface: `GET /prices`, `POST /prices` `{"AAPL": "201.5"}` or
 * `{"AAPL": {"price": "201.5", "size": 4}}`, `POST /faults` `{"name": …, "count": 1, "seconds": 1}` (no name:
 * all are taken back), `GET /orders`, `POST /orders` `{"id": …, "status": …}` (a word that the brokerage shows in
 * the place of the status, or null; `EXPIRED` ends it), and `GET /requests`.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Book } from './book.js';
import { FAULTS } from './faults.js';
import type { FaultName, Faults } from './faults.js';
import { recordOf } from './order.js';
import type { Asked } from './server.js';

const BODY_BYTES_MAX = 65_536;

type Body = Readonly<Record<string, unknown>>;
type Handler = (body: Body) => unknown;

export function createControl(book: Book, faults: Faults, asked: readonly Asked[]): Server {
  const prices = () =>
    Object.fromEntries(book.tickers.map((ticker) => [ticker, book.priceOf(ticker).toFixed()]));
  const routes: Readonly<Record<string, Handler>> = {
    'GET /prices': prices,
    'POST /prices': (body) => {
      for (const [ticker, wanted] of Object.entries(body)) setPrice(book, ticker, wanted);
      return prices();
    },
    'POST /faults': (body) => arm(faults, body),
    'GET /orders': () =>
      book.orders.map((order) => ({ ...recordOf(order), client_order_id: order.clientOrderId })),
    'POST /orders': (body) => show(book, body),
    'GET /requests': () => asked,
  };
  return createServer((request, response) => {
    void answer(routes, request).then(
      (value) => response.end(JSON.stringify(value)),
      (error: Error) => response.writeHead(400).end(JSON.stringify({ error: error.message })),
    );
  });
}

async function answer(routes: Readonly<Record<string, Handler>>, request: IncomingMessage) {
  const route = `${request.method} ${(request.url ?? '/').split('?')[0]}`;
  const handler = routes[route];
  if (!handler) throw new RangeError(`nothing at ${route}: ${Object.keys(routes).join(', ')}`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_BYTES_MAX) throw new RangeError('the body is too large');
    chunks.push(chunk as Buffer);
  }
  return handler(size === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Body));
}

function setPrice(book: Book, ticker: string, wanted: unknown): void {
  if (typeof wanted !== 'object' || wanted === null) return book.setPrice(ticker, wordOf(wanted));
  const { price, size } = wanted as { price: unknown; size?: unknown };
  book.setPrice(ticker, wordOf(price), size === undefined ? undefined : wordOf(size));
}

function arm(faults: Faults, { name, count = 1, seconds = 1 }: Body): Body {
  if (name === undefined) {
    faults.clear();
    return {};
  }
  if (!FAULTS.includes(name as FaultName)) {
    throw new RangeError(`no fault is called ${wordOf(name)}: ${FAULTS.join(', ')}`);
  }
  faults.arm(name as FaultName, Number(count), Number(seconds));
  return { name, count, seconds };
}

function show(book: Book, { id, status }: Body): Body {
  const order = book.orders.find((one) => one.id === id);
  if (!order) throw new RangeError(`no order ${wordOf(id)}`);
  if (status === 'EXPIRED') book.end(order, 'EXPIRED');
  else order.shownStatus = status === null ? null : wordOf(status);
  return recordOf(order);
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
