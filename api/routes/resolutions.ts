/** The operator's way out of what no evidence settles (TRD-11): shown first, and done by the code it was shown under. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { App } from '../../app/app.js';
import { isTrade } from '../../app/reads.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { positiveField } from '../../contract/signal.js';
import { instant, name, symbol } from '../fields.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import { proposal } from '../schemas/resolutions.js';

/** The broker's ids of executions and orders, and our references: all of them are shorter. */
const brokerText = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, { error: 'expected up to 128 characters without blanks' });

const orderName = z
  .string()
  .min(1)
  .max(128)
  .meta({ description: 'Its reference, or its role: entry, stop, "stop 2".' });

const marketPrice = positiveField
  .optional()
  .meta({ description: 'What a person reads at the broker, where no live quote is known here.' });

/** Bounded far above any split: a ratio of more is a mistake. */
const RATIO = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/;

const ratio = z
  .string()
  .refine((value) => ratioOf(value) !== null, { error: 'expected two new shares for one as 2:1' })
  .meta({ description: 'New shares to old ones, where a hand has traded since: `2:1`, `1:10`.' });

const confirm = z.string().optional().meta({
  description: 'The code of what was shown: it is done. Without it nothing is.',
});

const body = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('order'), trade_id: z.uuid(), order: orderName, confirm },
    broker_order_id: brokerText.nullable().meta({
      description: 'Its permanent id where it is at the broker; null: it is not there.',
    }),
    without_picture: z.boolean().optional(),
  }),
  z.strictObject({
    ...{ kind: z.literal('fill'), execution_id: brokerText, client_order_id: brokerText, confirm },
  }),
  z.strictObject({
    ...{ kind: z.literal('missing_fill'), trade_id: z.uuid(), order: orderName, confirm },
    ...{ quantity: positiveField, price: positiveField, executed_at: instant },
  }),
  z.strictObject({
    ...{ kind: z.literal('difference'), trade_id: z.uuid(), confirm },
    price: positiveField.nullable().meta({ description: 'Null: nobody knows it.' }),
    quantity: positiveField.optional(),
  }),
  z.strictObject({
    ...{ kind: z.literal('split'), trade_id: z.uuid(), market_price: marketPrice, confirm },
    ...{ stop_price: positiveField.optional(), target_price: positiveField.optional() },
    ratio: ratio.optional(),
  }),
  z.strictObject({
    ...{ kind: z.literal('position'), symbol, stop_price: positiveField, confirm },
    ...{ target_price: positiveField.optional(), market_price: marketPrice },
    ...{ strategy_id: name.default('adopted'), account_id: name.optional() },
    broker_contract_id: z.int().min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('quarantine'), symbol, market_price: marketPrice, confirm }),
]);
type Body = z.output<typeof body>;

/** Adds it. */
export function addResolutions(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/resolutions', id: 'resolve', tag: 'operation' },
    ...{ scope: 'admin', summary: 'Settle by hand what no evidence settles, as "ballast resolve"' },
    description:
      'In two steps: without `confirm` it shows what is known and what would be done, under a code; with that code it does it, unless anything has changed since. Both steps know the same codes as the command line.',
    isRepeatable: true,
    body,
    answers: {
      200: { description: 'What would be done, or was (`is_done`).', schema: proposal },
    },
    problems: ['NOT_FOUND', 'REFUSED'],
    handle: async ({ app, body: given }) => {
      await checkTrade(app, given);
      const resolution = resolutionOf(given);
      if (given.confirm === undefined) {
        return { ...(await proposeResolution(app, resolution)), is_done: false };
      }
      const { proposal: done } = await confirmResolution(app, resolution, given.confirm);
      return { ...done, is_done: true };
    },
  });
}

async function checkTrade(app: App, given: Body): Promise<void> {
  if (!('trade_id' in given) || (await isTrade(app, given.trade_id))) return;
  throw new Problem('NOT_FOUND', `there is no trade ${given.trade_id}`);
}

/** The same object as the command line makes: a code is that of one resolution, however it was asked for. */
function resolutionOf(given: Body): Resolution {
  switch (given.kind) {
    case 'order': {
      const { kind, trade_id: tradeId, order, without_picture: withoutPicture = false } = given;
      return { kind, tradeId, order, brokerOrderId: given.broker_order_id, withoutPicture };
    }
    case 'fill': {
      const { kind, execution_id: executionId, client_order_id: clientOrderId } = given;
      return { kind, executionId, clientOrderId };
    }
    case 'missing_fill': {
      const { kind, trade_id: tradeId, order, quantity, price } = given;
      return {
        ...{ kind, tradeId, order, quantity, price },
        executedAtMs: Date.parse(given.executed_at),
      };
    }
    case 'difference': {
      const { kind, trade_id: tradeId, quantity = null, price } = given;
      return { kind, tradeId, quantity, price };
    }
    case 'split':
      return splitOf(given);
    case 'position':
      return positionOf(given);
    case 'quarantine': {
      const { kind, symbol: of, market_price: price = null } = given;
      return { kind, symbol: of, marketPrice: price };
    }
  }
}

function splitOf(given: Extract<Body, { kind: 'split' }>): Resolution {
  const { kind, trade_id: tradeId } = given;
  const split = given.ratio === undefined ? null : ratioOf(given.ratio);
  const { stop_price: stopPrice = null, target_price: targetPrice = null } = given;
  return {
    kind,
    tradeId,
    stopPrice,
    targetPrice,
    marketPrice: given.market_price ?? null,
    ratio: split,
  };
}

function ratioOf(value: string): { readonly from: string; readonly to: string } | null {
  const [, to, from] = RATIO.exec(value) ?? [];
  return to === undefined || from === undefined || to === from ? null : { from, to };
}

function positionOf(given: Extract<Body, { kind: 'position' }>): Resolution {
  const { kind, symbol: of, stop_price: stopPrice, strategy_id: strategy } = given;
  return {
    ...{ kind, symbol: of, stopPrice, strategy },
    ...{ targetPrice: given.target_price ?? null, account: given.account_id ?? null },
    marketPrice: given.market_price ?? null,
    brokerContractId: given.broker_contract_id ?? null,
  };
}
