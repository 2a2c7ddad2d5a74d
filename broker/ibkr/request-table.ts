/** Open requests by their request id: each ends by an answer, an error, a deadline or a lost connection. */
import { BrokerRequestError, NoAnswerError, UnknownContractError } from '../port.js';
import { codeRow } from './error-codes.js';
import { FIRST_REQUEST_ID, LAST_REQUEST_ID } from './words.js';
import type { Logger } from './options.js';

interface OpenRequest {
  readonly title: string;
  readonly fail: (error: Error) => void;
}

/** IBKR's code for a security that it doesn't know, or that is ambiguous. */
const NO_SUCH_CONTRACT = 200;

/** Requests without an answer at one time; their deadlines keep the number far below. */
const MAX_OPEN_REQUESTS = 2_000;

export class RequestTable {
  private readonly open = new Map<number, OpenRequest>();
  private nextId = FIRST_REQUEST_ID;

  constructor(private readonly logger: Logger) {}

  /**
   * Opens a request and waits for `finish`, an error of the broker, or the deadline.
   * @param begin gets the request id and how to end it; it writes the request. Whatever it returns is
   * called once when the request is over, however it ended.
   */
  run<T>(
    title: string,
    timeoutMs: number,
    begin: (request: RunningRequest<T>) => () => void,
  ): Promise<T> {
    if (this.open.size >= MAX_OPEN_REQUESTS) {
      return Promise.reject(new NoAnswerError(`${title}: too many open requests, none was added`));
    }
    return new Promise<T>((resolve, reject) => {
      const id = this.takeId();
      let cleanUp: () => void = () => undefined;
      let over = false;
      const end = (settle: () => void): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        this.open.delete(id);
        cleanUp();
        settle();
      };
      const fail = (error: Error): void => end(() => reject(error));
      const timer = setTimeout(
        () => fail(new NoAnswerError(`${title}: no answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      this.open.set(id, { title, fail });
      const finish = (value: T): void => end(() => resolve(value));
      cleanUp = begin({ id, finish, fail, isOpen: () => !over });
      if (over) cleanUp();
    });
  }

  /** An id from the requests' own range, for subscriptions that live longer than a request. */
  takeId(): number {
    const id = this.nextId;
    this.nextId = id >= LAST_REQUEST_ID ? FIRST_REQUEST_ID : id + 1;
    return id;
  }

  /** An error that names a request. Warnings and information leave the request open. */
  takeError(id: number, code: number, message: string): void {
    const request = this.open.get(id);
    const { errorClass } = codeRow(code);
    if (!request || errorClass === 'warning' || errorClass === 'information') {
      this.logger.warn('the broker remarked on a request', { id, code, message });
      return;
    }
    const told = `${request.title}: ${message} (code ${code})`;
    request.fail(
      code === NO_SUCH_CONTRACT
        ? new UnknownContractError(told)
        : new BrokerRequestError(code, told),
    );
  }

  /** Ends every open request: the connection is gone. */
  failAll(reason: string): void {
    for (const request of [...this.open.values()]) {
      request.fail(new NoAnswerError(`${request.title}: ${reason}`));
    }
  }
}

export interface RunningRequest<T> {
  readonly id: number;
  readonly finish: (value: T) => void;
  readonly fail: (error: Error) => void;
  readonly isOpen: () => boolean;
}
