/** A refusal, as the document has it. */
import { z } from 'zod';
import { PROBLEM_CODES } from '../problems.js';
import { preview } from './previews.js';

export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Names the kind: `urn:ballast:problem:refused`.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'For people: what happened, and what to do.' }),
    code: z.enum(PROBLEM_CODES),
    request_id: z
      .string()
      .meta({ description: 'Also in the header X-Request-Id, and in the log.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong, and where.' }),
    trade_id: z.string().optional().meta({ description: 'The trade of an id that is known.' }),
    preview: preview
      .optional()
      .meta({ description: 'With `PREVIEW_CHANGED`: the new one, which may be executed instead.' }),
  })
  .meta({ id: 'Problem' });
