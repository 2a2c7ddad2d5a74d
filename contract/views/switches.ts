/** What holds back entries, and who decided what, as it is read. */
import type { Mode } from '../../domain/risk/modes.js';
import type { Json } from './json.js';

export interface ModeView {
  readonly kind: 'installation' | 'account' | 'strategy';
  /** Null for the installation. */
  readonly name: string | null;
  readonly mode: Mode;
}

export interface AuditView {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: Json;
  /** Covers the entry and the hash before it. */
  readonly hash: string;
}

/** What a resolution would do, and by which code it is confirmed. */
export interface ProposalView {
  readonly subject: string;
  readonly does: readonly string[];
  readonly evidence: readonly string[];
  readonly code: string;
}
