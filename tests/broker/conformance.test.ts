/** The conformance suite over the paper gateway (BRK-9): every case of it, by its number. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CaseResult, World } from '../../conformance/case.js';
import { playCase } from '../../conformance/play.js';
import { SUITE } from '../../conformance/suite.js';
import { paperWorld } from './support/conformance-world.js';
import { startPaper } from './support/paper.js';
import type { Paper } from './support/paper.js';

let paper: Paper;
let world: World;

beforeAll(async () => {
  paper = await startPaper();
  world = paperWorld(paper);
});

afterAll(() => paper.stop());

/** The longest case waits for what the broker's rule of absence asks for. */
const CASE_LIMIT_MS = 90_000;

const HELD: Partial<CaseResult> = { outcome: 'held', why: '', left: [] };

describe('every case holds over the paper gateway', () => {
  test.each(SUITE.map((one) => [one.number, one.title, one] as const))(
    '[BRK-9] %s %s',
    async (_number, _title, one) => {
      expect(await playCase(one, world)).toMatchObject(HELD);
    },
    CASE_LIMIT_MS,
  );

  test('[BRK-9] nothing of it broke the broker’s rules, and nothing is left', async () => {
    expect(await paper.verdicts()).toMatchObject({
      pacingViolations: 0,
      stagedGroupsLeftBehind: 0,
    });
  });
});
