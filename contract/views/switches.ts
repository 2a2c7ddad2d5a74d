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

/** Whether the audit log is as it was written. */
export interface AuditCheck {
  /** Entries that fit, from the first on. */
  readonly entries: string;
  /** The hash of the newest entry: kept elsewhere, it shows later that nothing up to it was written anew. */
  readonly head: string | null;
  /** The first that does not fit; null: all do. */
  readonly broken: {
    /** Null when it is not one entry's fault. */
    readonly id: string | null;
    readonly at: string | null;
    /** Its own hash; the one before it; the log's end; the note of where that is. */
    readonly wrong: 'hash' | 'previous' | 'end' | 'head';
    /** For people. */
    readonly why: string;
  } | null;
}

/** What a resolution would do, and by which code it is confirmed. */
export interface ProposalView {
  readonly subject: string;
  readonly does: readonly string[];
  readonly evidence: readonly string[];
  readonly code: string;
}
