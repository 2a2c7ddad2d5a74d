/** A preview as it crosses processes: its workflow and its activity. What it shows is a row (PRV-1). */
import type { EpochMs } from '../domain/vocabulary.js';

export const PREVIEW_WORKFLOW = 'preview';

/** One for each preview: whoever asks for it again joins it. */
export function previewWorkflowId(previewId: string): string {
  return `preview-${previewId}`;
}

/** The id of the signal that a preview becomes, where its caller gave none. */
export function previewSignalId(previewId: string): string {
  return `preview-${previewId}`;
}

export interface PreviewInput {
  readonly previewId: string;
  readonly brokerAccountId: string;
  /** For people: `BUY AAPL`. */
  readonly summary: string;
}

export interface PreviewResult {
  readonly made: boolean;
  /** For people: why there is none; null when it is made. */
  readonly reason: string | null;
}

export interface PreviewRef {
  readonly previewId: string;
}

/** On `broker-<account>-work`: it needs the broker's quote, and its answer to a what-if. */
export interface PreviewActivities {
  /** Looks at the market, decides, asks what it would cost, and keeps what it shows; reserves and sends nothing. */
  makePreview(input: PreviewRef): Promise<{ readonly madeAtMs: EpochMs }>;
}

/** Looking at the market, deciding and asking take a few seconds; a worker that was killed is replaced within this. */
export const PREVIEW_WITHIN_MS = 30_000;
