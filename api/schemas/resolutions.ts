/** What a resolution would do, or has done, as the document has it. */
import { z } from 'zod';
import type { ProposalView } from '../../contract/views.js';
import { text, viewOf } from './view.js';

export const proposal = viewOf<ProposalView & { readonly is_done: boolean }>()({
  subject: text,
  does: z.array(text),
  evidence: z.array(text),
  code: text.meta({ description: 'By which it is confirmed, while nothing changes.' }),
  is_done: z.boolean(),
}).meta({ id: 'Resolution' });
