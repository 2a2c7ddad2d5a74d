/** Which disturbances a session plays, from the command line's `--at` and `--fault`. Pure. */
import type { Disturbance } from './disturbance.js';

export interface Choice {
  /** What runs take turns at. */
  readonly menu: readonly Disturbance[];
  /** With both given: each run has one of these besides. */
  readonly partners: readonly Disturbance[] | null;
}

/**
 * @param at a failpoint, or `POINT=ACTION`; null: any
 * @param fault names, beginnings of names or families, by commas; null: any
 * @throws Error that says what is written wrong
 */
export function choose(
  menu: readonly Disturbance[],
  at: string | null,
  fault: string | null,
): Choice {
  const points = at === null ? null : pointsNamed(menu, at);
  const faults = fault === null ? null : faultsNamed(menu, fault);
  if (points && faults) return { menu: points, partners: faults };
  return { menu: points ?? faults ?? menu, partners: null };
}

function pointsNamed(menu: readonly Disturbance[], at: string): Disturbance[] {
  const wanted = at.includes('=') ? at : `${at}=`;
  const found = menu.filter(
    ({ name, family }) =>
      family === 'failpoint' && (at.includes('=') ? name === wanted : name.startsWith(wanted)),
  );
  if (found.length === 0) throw new Error(`--at ${at}: no such failpoint; see --list`);
  return found;
}

function faultsNamed(menu: readonly Disturbance[], text: string): Disturbance[] {
  const found = new Set<Disturbance>();
  for (const part of text.split(',').map((each) => each.trim())) {
    const matching = part === '' ? [] : matches(menu, part);
    if (matching.length === 0)
      throw new Error(`--fault "${part}": no such disturbance; see --list`);
    for (const each of matching) found.add(each);
  }
  return menu.filter((each) => found.has(each));
}

/** A whole name means itself alone, also where others begin with it. */
function matches(menu: readonly Disturbance[], part: string): Disturbance[] {
  const exact = menu.filter(({ name }) => name === part);
  if (exact.length > 0) return exact;
  return menu.filter(({ name, family }) => family === part || name.startsWith(part));
}
