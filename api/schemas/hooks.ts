/** Webhooks, as the document has them. */
import { z } from 'zod';
import { TEMPLATE_NAMES } from '../../contract/hooks/alert.js';
import type { HookView } from '../../contract/views.js';
import { instant, orNull, text, uuid, viewOf } from './view.js';

export const template = z.enum(TEMPLATE_NAMES);

export const hook = viewOf<HookView>()({
  id: uuid,
  name: text,
  template,
  strategies: z.array(text),
  created_at: instant,
  created_by: text,
  last_used_at: orNull(instant),
  revoked_at: orNull(instant),
  revoked_by: orNull(text),
}).meta({ id: 'Hook' });
