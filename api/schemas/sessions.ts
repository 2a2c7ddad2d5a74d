/** Sessions of the dashboard and tokens, as the document has them. */
import { z } from 'zod';
import { SESSION_KINDS, type SessionView } from '../../contract/views.js';
import { instant, orNull, text, uuid, viewOf } from './view.js';

export const sessionKind = z.enum(SESSION_KINDS);

export const sessionRow = viewOf<SessionView>()({
  id: uuid,
  kind: sessionKind,
  scopes: z.array(text),
  created_by: text.meta({ description: 'Of a dashboard’s: who made the link.' }),
  created_at: instant,
  expires_at: instant,
  last_used_at: orNull(instant).meta({ description: 'To the minute; null: never.' }),
  used_from: orNull(text).meta({
    description: 'The address that it was last used from; behind a proxy it is the proxy’s.',
  }),
  used_by: orNull(text).meta({
    description: 'What the browser or the program called itself then: whatever it liked.',
  }),
  revoked_at: orNull(instant),
  revoked_by: orNull(text),
}).meta({ id: 'SessionRow' });
