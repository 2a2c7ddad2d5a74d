/**
 * The books as they stood at a place in the journal, so that a start reads only what came after it. The
 * journal stays the evidence: without a snapshot, with one that can't be read, or with one that other
 * code wrote, the books are made from all of it.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { ContractBook } from './contracts.js';
import { Exposure } from './exposure.js';
import { decodeGraph, encodeGraph } from './graph.js';
import type { EncodedGraph, Makers } from './graph.js';
import { Ledger } from './ledger.js';
import { Meter } from './meter.js';

/** A place in the journal: its length then, and what stands before it. */
export interface JournalPlace {
  bytes: number;
  fingerprint: string;
}

interface SnapshotFile {
  code: string;
  place: JournalPlace;
  ledger: EncodedGraph;
  told: unknown;
}

export interface LoadedSnapshot {
  ledger: Ledger;
  /** What the recorder remembers of what it wrote. */
  told: unknown;
  place: JournalPlace;
}

const HERE = new URL('.', import.meta.url);

/** Names the rules that judge: other rules have to look at all the evidence again. */
function codeFingerprint(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(HERE).sort()) {
    if (/\.[jt]s$/.test(name)) hash.update(readFileSync(new URL(name, HERE)));
  }
  return hash.digest('hex');
}

function makersFor(ledger: Ledger): Makers {
  return {
    Exposure: () => new Exposure(),
    Meter: () => new Meter(),
    ContractBook: ({ account, symbol }) =>
      new ContractBook(account as string, symbol as string, ledger.breaches),
  };
}

/** Writes the books and the memory beside them; a kill leaves the snapshot of before. */
export function saveSnapshot(
  path: string,
  place: JournalPlace,
  ledger: Ledger,
  told: unknown,
): void {
  const file: SnapshotFile = {
    ...{ code: codeFingerprint(), place, told },
    ledger: encodeGraph(ledger),
  };
  writeFileSync(`${path}.new`, JSON.stringify(file));
  renameSync(`${path}.new`, path);
}

function read(path: string): SnapshotFile | undefined {
  let body: string;
  try {
    body = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  return JSON.parse(body) as SnapshotFile;
}

/**
 * The books of a snapshot; undefined when there is none, or another code wrote it.
 * @throws Error when it can't be read
 */
export function loadSnapshot(path: string): LoadedSnapshot | undefined {
  const file = read(path);
  if (!file || file.code !== codeFingerprint()) return undefined;
  const ledger = new Ledger();
  decodeGraph(file.ledger, makersFor(ledger), ledger);
  return { ledger, told: file.told, place: file.place };
}
