/** The error codes of the TWS API that the exchange decides, with TWS's words. */
import { moneyText, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';

export interface CodedError {
  code: number;
  message: string;
}

const coded = (code: number, message: string): CodedError => ({ code, message });

/** What the API could not accept as a request; `cause` goes on from TWS's own beginning. */
export const invalidRequest = (cause: string): CodedError =>
  coded(321, `Error validating request.-'bN' : cause - ${cause}`);

export const DUPLICATE_ID = coded(103, 'Duplicate order id');
export const MODIFY_FILLED = coded(104, "Can't modify a filled order.");
export const MODIFY_MISMATCH = coded(
  105,
  'Order being modified does not match the original order.',
);
export const OFF_GRID = coded(
  110,
  'The price does not conform to the minimum price variation for this contract.',
);
export const TIF_MISMATCH = coded(
  111,
  'The TIF (Time in force) and the order type are incompatible.',
);
export const BAD_TRIGGER_METHOD = coded(146, 'Invalid trigger method.');
export const NO_TRAIL_AMOUNT = coded(158, 'You must enter a valid trailing amount or percentage.');
export const SIZE_ZERO = coded(160, 'Size value cannot be zero.');
export const NO_CONTRACT = coded(200, 'No security definition has been found for the request');
export const AMBIGUOUS_CONTRACT = coded(
  200,
  'The contract description specified is ambiguous; you must specify the exchange.',
);
export const CANCELLED = coded(202, 'Order Canceled - reason:');
export const TYPE_CHANGE = coded(329, 'Order modify failed. Cannot change to the new order type.');
export const TYPE_UNSUPPORTED = coded(
  387,
  'Unsupported order type for this exchange and security type.',
);
export const BAD_TIME = coded(
  391,
  'The time or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx ' +
    'where yyyymmdd and xx/xxxx are optional.',
);
export const HELD_FOR_LOCATE = coded(404, 'Order held while securities are located.');
export const WHAT_IF_NOT_TRANSMITTED = coded(
  413,
  'What-if order should have the transmit flag set to true.',
);
/** The terminal's own precaution, which a person may bypass for orders of the API. */
export const sizeAboveLimit = (
  action: string,
  quantity: Decimal,
  symbol: string,
  limit: Decimal,
): CodedError =>
  coded(
    383,
    `The following order "${action} ${text(quantity)} ${symbol}" size exceeds the Size Limit of ` +
      `${text(limit)}. Restriction is specified in Precautionary Settings of Global Configuration/Presets.`,
  );
export const BAD_PRICE = coded(463, 'You must enter a valid price.');
export const OUTSIDE_RTH_IGNORED = coded(
  2109,
  "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on the order " +
    'type and destination. PlaceOrder is now being processed.',
);
export const NO_PARENT = coded(10006, 'Missing parent order.');
export const NO_FRACTIONS = coded(10318, "This order doesn't support fractional quantity trading");
export const FRACTION_TOO_FINE = coded(
  10243,
  'Fractional-sized order cannot be placed: the size must be a multiple of 0.0001.',
);
export const OCA_REVISION = coded(10326, 'OCA group revision is not allowed.');

export const parentGone = (parentId: number): CodedError =>
  coded(135, `Can't find order with ID =${parentId}`);

export const notCancellable = (permId: number): CodedError =>
  coded(161, `Cancel attempted when order is not in a cancellable state. Order permId =${permId}`);

export const rejected = (reason: string): CodedError =>
  coded(201, `Order rejected - reason:${reason}`);

export const tooDear = (equity: Decimal, margin: Decimal): CodedError =>
  rejected(
    'YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN ' +
      `VALUE [${moneyText(equity)} USD] MUST EXCEED THE INITIAL MARGIN [${moneyText(margin)} USD]`,
  );

export const waitsForSession = (what: string, opens: string): CodedError =>
  coded(
    399,
    `Order Message:\n${what}\nWarning: your order will not be placed at the exchange until ${opens}`,
  );

export const describeOrder = (action: string, quantity: Decimal, symbol: string, at: string) =>
  `${action} ${text(quantity)} ${symbol} ${at}`;

export const cancelNotFound = (orderId: number): CodedError =>
  coded(10147, `OrderId ${orderId} that needs to be cancelled is not found.`);

export const cancelInState = (orderId: number, state: string): CodedError =>
  coded(
    10148,
    `OrderId ${orderId} that needs to be cancelled can not be cancelled, state: ${state}.`,
  );

export const tifFromPreset = (tif: string): CodedError =>
  coded(10349, `Order TIF was set to ${tif} based on order preset.`);
