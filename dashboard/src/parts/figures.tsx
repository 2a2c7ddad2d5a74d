/** Figures as they are shown: sign, glyph and colour say the same, so that none of them is needed. */
import type { Tone } from './tone.js';
import type { ReactNode } from 'react';
import { directionOf, NONE, shareOf, signed } from '../format/numbers.js';
import { clock, day, when } from '../format/time.js';
import { useNowMs } from './ticking.js';

const GLYPHS = { up: '▲', down: '▼', flat: '' } as const;
const TONES = { up: 'tone-good', down: 'tone-bad', flat: '' } as const;

interface ResultProps {
  readonly value: string | null | undefined;
  readonly unit?: string | undefined;
}

/** A result: `▲ +12.30`, `▼ −26.08`, `0.00`. */
export function Result({ value, unit }: ResultProps) {
  if (value === null || value === undefined) return <span className="muted">{NONE}</span>;
  const direction = directionOf(value);
  return (
    <span className={`amount ${TONES[direction]}`}>
      {direction !== 'flat' && (
        <span className="glyph" aria-hidden="true">
          {GLYPHS[direction]}
        </span>
      )}
      {signed(value)}
      {unit !== undefined && ` ${unit}`}
    </span>
  );
}

/** An instant on New York's clock; the whole of it when pointed at. */
export function When({ at }: { readonly at: string | null | undefined }) {
  const nowMs = useNowMs();
  if (!at) return <span className="muted">{NONE}</span>;
  const whole = `${day(at)} ${clock(at)} New York · ${at}`;
  return (
    <time dateTime={at} title={whole} className="nowrap">
      {when(at, nowMs)}
    </time>
  );
}

interface BadgeProps {
  readonly tone?: Tone;
  readonly glyph?: string;
  readonly children: ReactNode;
}

/** A word that stands for a state, with a glyph of its own. */
export function Badge({ tone = 'quiet', glyph, children }: BadgeProps) {
  return (
    <span className={`badge tone-${tone}`}>
      {glyph !== undefined && <span aria-hidden="true">{glyph}</span>}
      {children}
    </span>
  );
}

/** From here on a limit is worth a look. */
const NEAR = 0.8;

interface ShareBarProps {
  readonly used: string;
  readonly allowed: string | null;
  readonly label: string;
}

/** How much of a limit is taken. */
export function ShareBar({ used, allowed, label }: ShareBarProps) {
  const share = shareOf(used, allowed);
  const kind = share >= 1 ? 'bar bar-full' : share >= NEAR ? 'bar bar-near' : 'bar';
  const percentTaken = Math.round(share * 100);
  return (
    <div
      className={kind}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(100, percentTaken)}
      aria-valuetext={allowed === null ? 'no limit' : `${percentTaken} %`}
    >
      <span style={{ width: `${Math.min(100, percentTaken)}%` }} />
    </div>
  );
}
