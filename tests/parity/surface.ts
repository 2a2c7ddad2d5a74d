/** What every way in is asked, and what each says in the same words: so that answers can be compared. */

/** A trade that is wanted; what only some surfaces know of a signal is not among it. */
export interface Wanted {
  readonly symbol: string;
  readonly side: string;
  readonly order_type: 'MKT' | 'LMT';
  readonly quantity?: string;
  readonly entry_price?: string;
  readonly stop_loss?: string;
  readonly take_profit?: string;
  readonly account_id?: string;
}

/** What came of a request. */
export interface Said {
  /** As asked for; `refused` for whatever was not. */
  readonly outcome: 'done' | 'changed' | 'refused';
  /** Why it was refused. */
  readonly code: string | null;
  /** For people. */
  readonly reason: string | null;
  /** Fields that are wrong, without the part of a request that they stand in. */
  readonly paths: readonly string[];
  readonly tradeId: string | null;
  readonly previewId: string | null;
  readonly isNew: boolean | null;
}

/** What a preview shows. */
export interface Previewed extends Said {
  readonly state: string | null;
  /** Checks that failed. */
  readonly failed: readonly string[];
}

/** A trade, and the entry by which a surface may know it. */
export interface Entered {
  readonly tradeId: string;
  readonly orderId: string;
}

export interface Surface {
  readonly name: 'cli' | 'http' | 'mcp';
  preview(wanted: Wanted): Promise<Previewed>;
  execute(previewId: string): Promise<Said>;
  /** Cancels what of an entry is unfilled. */
  cancel(entered: Entered): Promise<Said>;
  /** The strategy's own trades are looked at by. */
  trade(tradeId: string): Promise<Said & { readonly state: string | null }>;
}

/** Ways in that take whole signals, and a person's commands. */
export interface FullSurface extends Surface {
  signal(body: object): Promise<Said>;
  close(tradeId: string, key?: string): Promise<Said>;
  moveStop(tradeId: string, price: string): Promise<Said>;
  approve(trade: { readonly tradeId: string; readonly signalId: string }): Promise<Said>;
  reject(trade: { readonly tradeId: string; readonly signalId: string }): Promise<Said>;
  requireApproval(strategy: string): Promise<Said>;
  pause(strategy: string): Promise<Said>;
  resumeStrategy(strategy: string): Promise<Said>;
  setMode(account: string, mode: string): Promise<Said>;
  halt(reason: string): Promise<Said>;
  resume(): Promise<Said>;
  flatten(): Promise<Said>;
}

export const DONE: Said = {
  ...{ outcome: 'done', code: null, reason: null, paths: [] },
  ...{ tradeId: null, previewId: null, isNew: null },
};

/** A refusal by its code. */
export function refused(code: string, reason: string | null, paths: readonly string[] = []): Said {
  return { ...DONE, outcome: 'refused', code, reason, paths };
}

/** A preview as each surface gives it, but for envelopes. */
export interface ShownPreview {
  readonly preview_id: string;
  readonly state: string;
  readonly shows: {
    readonly checks: readonly { readonly code: string; readonly outcome: string }[];
  };
}

export function previewed({ preview_id: previewId, state, shows }: ShownPreview): Previewed {
  const failed = shows.checks.filter(({ outcome }) => outcome === 'failed');
  return { ...DONE, previewId, state, failed: failed.map(({ code }) => code) };
}

/** What was not previewed at all. */
export function unpreviewed(said: Said): Previewed {
  return { ...said, state: null, failed: [] };
}
