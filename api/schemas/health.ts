/** What is up, as the document has it. */
import { z } from 'zod';
import type { HealthView, PartHealth } from '../../app/health.js';
import { viewOf } from './view.js';

const part = viewOf<PartHealth>()({
  name: z.string(),
  state: z.enum(['up', 'down', 'unknown']),
  detail: z.string(),
});

export const healthSchema = viewOf<HealthView>()({
  status: z.enum(['up', 'degraded', 'down']),
  parts: z.array(part),
}).meta({ id: 'Health' });
