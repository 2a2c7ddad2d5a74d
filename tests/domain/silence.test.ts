/** Who is silent, look by look. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { beginWatch, lookAgain, type Ages, type Look, type Watch } from '../../domain/silence.js';

const BOUNDS = { silentMs: 60_000, gapMaxMs: 30_000 };
const ALIVE: Ages = { 'broker worker': 500, notifier: 800 };

/** Looks every 5 s; `agesAt` says what each finds. Gives what was told, with the second of it. */
function watchFor(seconds: number, agesAt: (second: number) => Ages | null): string[] {
  const told: string[] = [];
  let watch: Watch = beginWatch(0);
  for (let second = 5; second <= seconds; second += 5) {
    const look: Look = { atMs: second * 1_000, ages: agesAt(second) };
    const next = lookAgain(watch, look, BOUNDS);
    watch = next.watch;
    for (const { who, kind } of next.news) told.push(`${second} ${who} ${kind}`);
  }
  return told;
}
/** Has signed until that second. */
const since = (second: number, at: number) => Math.max(0, (at - second) * 1_000);

describe('[OPS-8] the watchdog', () => {
  test('tells nothing of those that sign', () => {
    expect(watchFor(600, () => ALIVE)).toEqual([]);
  });

  test.each(['broker worker', 'notifier'] as const)(
    'tells once of a silent %s, and once of its return',
    (who) => {
      const agesAt = (at: number) => ({
        ...ALIVE,
        [who]: at < 300 ? since(100, at) : 200,
      });
      expect(watchFor(600, agesAt)).toEqual([`160 ${who} silent`, `300 ${who} heard_again`]);
    },
  );

  test('tells of one that never signed', () => {
    expect(watchFor(120, () => ({ ...ALIVE, notifier: null }))).toEqual(['60 notifier silent']);
  });

  test('gives who was silent before it began as long as anybody', () => {
    const old = (at: number) => ({ ...ALIVE, 'broker worker': 3_600_000 + at * 1_000 });
    expect(watchFor(120, old)).toEqual(['60 broker worker silent']);
  });

  test('of a database that is away tells alone: nobody can sign then, nor right after', () => {
    const agesAt = (at: number) => {
      if (at >= 100 && at < 300) return null;
      // They come back thirty seconds after it.
      return at < 330 ? { 'broker worker': since(95, at), notifier: since(95, at) } : ALIVE;
    };
    expect(watchFor(600, agesAt)).toEqual(['155 database silent', '300 database heard_again']);
  });

  test('tells of a worker that does not come back with the database', () => {
    const agesAt = (at: number) =>
      at >= 100 && at < 300 ? null : { ...ALIVE, 'broker worker': since(95, at) };
    expect(watchFor(600, agesAt)).toEqual([
      ...['155 database silent', '300 database heard_again', '360 broker worker silent'],
    ]);
  });

  test('tells of a silent worker also when the database misses a look now and then', () => {
    const agesAt = (at: number) =>
      at % 50 === 0 ? null : { ...ALIVE, 'broker worker': since(100, at) };
    // What a missed look may have hidden is added: five seconds at 100, ten at 150.
    expect(watchFor(600, agesAt)).toEqual(['175 broker worker silent']);
  });

  test('blames nobody when it stood still itself', () => {
    const before = lookAgain(beginWatch(0), { atMs: 5_000, ages: ALIVE }, BOUNDS).watch;
    const hourLater = {
      atMs: 3_600_000,
      ages: { 'broker worker': 3_595_000, notifier: 3_595_000 },
    };
    expect(lookAgain(before, hourLater, BOUNDS).news).toEqual([]);
    expect(lookAgain(before, { ...hourLater, ages: null }, BOUNDS).news).toEqual([]);
  });

  test('[property] each silence is told once before its return, whatever happens', () => {
    const age = fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: null });
    const ages = fc.option(fc.record({ 'broker worker': age, notifier: age }), { nil: null });
    fc.assert(
      fc.property(fc.array(ages, { maxLength: 60 }), (looks) => {
        const told = watchFor(looks.length * 5, (second) => looks[second / 5 - 1] ?? null);
        for (const who of ['database', 'broker worker', 'notifier']) {
          const kinds = told
            .filter((line) => line.includes(` ${who} `))
            .map((line) => line.split(' ').at(-1));
          const expected = kinds.map((_, index) => (index % 2 === 0 ? 'silent' : 'heard_again'));
          expect(kinds).toEqual(expected);
        }
      }),
    );
  });
});
