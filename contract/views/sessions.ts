/** Who is let in, one by one: browsers that are logged in to the dashboard, and tokens. */

export const SESSION_KINDS = ['dashboard', 'token'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

export interface SessionView {
  readonly id: string;
  readonly kind: SessionKind;
  readonly scopes: readonly string[];
  /** Who made it: of a dashboard's, who made the link. */
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  /** To the minute; null: never. */
  readonly last_used_at: string | null;
  /** The address that it was last used from, as the HTTP API saw it: behind a proxy it is the proxy's. */
  readonly used_from: string | null;
  /** What the browser or the program called itself then: whatever it liked. */
  readonly used_by: string | null;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
}
