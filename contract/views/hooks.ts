/** A webhook of a charting service as it is read: never with its token. */
import type { TemplateName } from '../hooks/alert.js';

export interface HookView {
  readonly id: string;
  readonly name: string;
  readonly template: TemplateName;
  /** The strategies that it may send signals of. */
  readonly strategies: readonly string[];
  readonly created_at: string;
  readonly created_by: string;
  /** When something last came with its token, whatever became of it. */
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
}
