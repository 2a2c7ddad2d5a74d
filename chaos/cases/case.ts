/** A named case: one situation, made on purpose on a real stack, with a judgement of its own. */
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Switches } from '../stack/switches.js';
import type { AlsoName } from '../stack/wiring.js';

export interface Case {
  /** As the command line calls it, beginning with what it shows: `T2-lost-close`. */
  readonly name: string;
  /** What happens, in a sentence for people. */
  readonly story: string;
  /** Settings of the engine that it needs beside the usual ones: shared with cases that need the same. */
  readonly env?: Readonly<Record<string, string>>;
  readonly switches?: Switches;
  /** The database stands on a disk of this size: needs the right to mount one. */
  readonly databaseDiskMb?: number;
  /** The clock of this project's processes can be set ahead. */
  readonly clock?: boolean;
  /** The first broker worker's way to the database can be shut. */
  readonly databaseValve?: boolean;
  /** Processes that it needs beside the usual ones. */
  readonly also?: readonly AlsoName[];
  /** What the account has at the start, where limits are to bind. */
  readonly cash?: string;
  /** It narrows another case down, and is played only when its whole name is given. */
  readonly onlyByName?: boolean;
  /** Whatever it finds, what it leaves behind stays in its own symbols: the next case may use its stack. */
  readonly reusable: boolean;
  /** Plays it and gives what was wrong; nothing when all was as it must be. What it measured, it tells. */
  play(stack: ChaosStack, tell: (line: string) => void): Promise<readonly Finding[]>;
}
