/** What holds trades back, which limits there are, and what is up. */
import { z } from 'zod';
import { limitsNow } from '../../app/account-now.js';
import { listAttention, listStrategies } from '../../app/reads.js';
import { haltedBy, modes, pauses } from '../../app/switches.js';
import { attention, limit, modeView, strategy } from '../../api/schemas/control.js';
import { healthSchema } from '../../api/schemas/health.js';
import { text } from '../../api/schemas/view.js';
import { haltFilesOf, limitsFrom, limitsOf } from '../../config/index.js';
import { firstOf } from '../fields.js';
import { tool } from '../tool.js';

/** Each with its reason: of a day on which everything is paused, enough to see why. */
const EACH_MAX = 20;

export const getRisk = tool({
  name: 'get_risk',
  title: 'Show limits and what holds trades back',
  description:
    'The limits in force, halts, modes and pauses that hold entries back, strategies, and what waits for a person. Exits and repairs go on under each.',
  input: z.strictObject({}),
  output: z.object({
    halted_by: z.array(text).describe('What each halt file says; none: no file halts.'),
    modes: z.array(modeView),
    pauses: z.array(attention),
    attention: z.array(attention),
    strategies: z.array(strategy),
    limits: z.array(limit),
    left_out: z.int().describe('Rows of these lists that are too many to be given.'),
  }),
  own: [
    ...['limits.name', 'limits.value', 'limits.unit', 'limits.description'],
    ...['exposures.limit', 'exposures.share'],
  ],
  handle: async (world) => {
    const { env } = world;
    const app = await world.app();
    const own = { limits: limitsFrom(app.config) };
    const lists = {
      halted_by: firstOf(
        haltFilesOf(env).files.flatMap((file) => haltedBy(file) ?? []),
        EACH_MAX,
      ),
      modes: firstOf(await modes(app)),
      pauses: firstOf(await pauses(app), EACH_MAX),
      attention: firstOf(await listAttention(app), EACH_MAX),
      strategies: firstOf(await listStrategies(app)),
    };
    return {
      halted_by: lists.halted_by.items,
      modes: lists.modes.items,
      pauses: lists.pauses.items,
      attention: lists.attention.items,
      strategies: lists.strategies.items,
      limits: [...(await limitsNow(app, own, limitsOf(app.config)))],
      left_out: Object.values(lists).reduce((sum, { left_out: more }) => sum + more, 0),
    };
  },
});

export const getHealth = tool({
  name: 'get_health',
  title: 'Show what is up',
  description:
    'Which parts answer: database, Temporal, trade worker, broker link. Call it first when something is refused with UNAVAILABLE.',
  input: z.strictObject({}),
  output: healthSchema,
  own: ['parts.name', 'parts.detail'],
  handle: (world) => world.health(),
});
