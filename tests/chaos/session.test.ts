/** What a session plays, tells and leaves behind. */
import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choose } from '../../chaos/disturb/choose.js';
import { MENU } from '../../chaos/disturb/menu.js';
import { planRun } from '../../chaos/plan.js';
import { isShortOfGoal, newsLines, sessionReport } from '../../chaos/report/session.js';
import type { RunResult } from '../../chaos/run.js';
import { settingFree } from '../../chaos/stack/environment.js';
import { leftBehind, openStackFolder } from '../../chaos/stack/folder.js';

const namesOf = (menu: readonly { readonly name: string }[]) => menu.map(({ name }) => name);

describe('what the command line chooses', () => {
  test('[PRF-2] a whole name means itself alone, a beginning or a family all of them', () => {
    expect(namesOf(choose(MENU, null, 'order-dropped').menu)).toEqual(['order-dropped']);
    expect(namesOf(choose(MENU, null, 'order-dropped-').menu).length).toBeGreaterThan(1);
    const freezes = namesOf(choose(MENU, null, 'freeze').menu);
    expect(freezes).toEqual(namesOf(MENU.filter(({ family }) => family === 'freeze')));
  });

  test.each(['', 'kill,', 'no-such', 'kill,no-such'])('[PRF-2] --fault "%s" is refused', (text) => {
    expect(() => choose(MENU, null, text)).toThrow('no such disturbance');
  });

  test('[PRF-2] a point is chosen with all of its actions, or with one', () => {
    const [point] = MENU.find(({ family }) => family === 'failpoint')!.name.split('=');
    expect(choose(MENU, point!, null).menu.length).toBeGreaterThan(1);
    expect(namesOf(choose(MENU, `${point}=exit`, null).menu)).toEqual([`${point}=exit`]);
    expect(() => choose(MENU, 'kill', null)).toThrow('no such failpoint');
  });

  test('[PRF-2] a point and a fault together make pairs', () => {
    const { menu, partners } = choose(MENU, 'inbox.commit.before', 'order-dropped,execution-bust');
    const pairs = [1, 2, 3, 4].map((run) => namesOf(planRun(1, run, menu, partners).disturbances));
    for (const [point, fault, ...more] of pairs) {
      expect(point).toMatch(/^inbox\.commit\.before=/);
      expect(['order-dropped', 'execution-bust']).toContain(fault);
      expect(more).toEqual([]);
    }
    expect(new Set(pairs.map(([, fault]) => fault)).size).toBe(2);
  });
});

function resultOf(part: Partial<RunResult>): RunResult {
  const plan = planRun(1, 1, MENU);
  return {
    ...{ plan, tookMs: 1, findings: [], useful: 12, wanted: 12, struck: new Map() },
    ...{ happened: new Set(['x']), resolveMs: [] },
    ...part,
  };
}

describe('what a session says', () => {
  const short = Array.from({ length: 20 }, () => resultOf({ useful: 11 }));

  test('[PRF-2] less than 95 % of useful work fails a session, unless the reason is known', () => {
    expect(isShortOfGoal(short, [])).toBe(true);
    expect(isShortOfGoal(short, [{ id: 'T19' }])).toBe(false);
    expect(isShortOfGoal(short.slice(1), [])).toBe(false);
    expect(isShortOfGoal([...short, ...Array<RunResult>(20).fill(resultOf({}))], [])).toBe(false);
  });

  test('[PRF-2] a failing run tells what and how to repeat it, and a known one does not pass', () => {
    const news = resultOf({ findings: [{ kind: 'duplicate', subject: '', detail: 'grew by 1' }] });
    expect(newsLines(news, 'npm run chaos')).toEqual([
      '    duplicate: grew by 1',
      '    again: npm run chaos',
    ]);
    expect(newsLines(resultOf({}), 'npm run chaos')).toEqual([]);
    const report = sessionReport([news, resultOf({})], 2, () => 'npm run chaos');
    expect(report).toContain('1 runs passed, 0 showed what is known to be open, 1 failed');
  });
});

describe('what surrounds the stack', () => {
  test('[PRF-2] no setting of the shell reaches the engine under test', () => {
    const env = { TRADING_ENABLED: 'false', ALLOW_LIVE: 'true', IBKR_X: '1', PGHOST: 'h' };
    const kept = { PATH: '/bin', HOME: '/h', BALLAST_CACHE_DIR: '/c' };
    expect(settingFree({ ...env, ...kept })).toEqual(kept);
  });

  test('[PRF-2] the folder of a killed judge is taken away, of a living or a recent one not', () => {
    const parent = mkdtempSync(join(tmpdir(), 'ballast-sweep-'));
    try {
      const nowMs = Date.now();
      // No process has this id: it is above the kernel's highest.
      const [dead, recent] = ['ballast-chaos-4194999-a', 'ballast-chaos-4194999-b'].map((name) =>
        join(parent, name),
      );
      const mine = join(parent, `ballast-chaos-${process.pid}-c`);
      for (const folder of [dead!, recent!, mine]) mkdirSync(folder);
      const longAgo = new Date(nowMs - 3_600_000);
      for (const folder of [dead!, mine]) utimesSync(folder, longAgo, longAgo);
      expect(leftBehind(parent, nowMs)).toEqual([dead]);
      const folder = openStackFolder(parent, nowMs);
      expect([dead!, recent!, mine, folder].map((path) => existsSync(path))).toEqual([
        ...[false, true, true, true],
      ]);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });
});
