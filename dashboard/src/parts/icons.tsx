/** The few pictures there are; each stands beside its word. */

const stroke = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const SHIELD = 'M12 3l7 2.6v5.6c0 4.4-3 7.6-7 9.3-4-1.7-7-4.9-7-9.3V5.6z';

const MARKS = {
  protected: 'M8.6 12l2.4 2.5 4.6-5',
  flat: 'M8.5 12h7',
  unprotected: 'M12 8v5M12 16.2v.2',
  unknown: 'M9.8 9.6a2.3 2.3 0 1 1 3.3 2.1c-.8.4-1.1.9-1.1 1.7M12 16.2v.2',
} as const;

/** A shield with what it stands for in it. */
export function Shield({ kind }: { readonly kind: keyof typeof MARKS }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" {...stroke}>
      <path d={SHIELD} />
      <path d={MARKS[kind]} />
    </svg>
  );
}

/** The sign of Ballast. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" {...stroke}>
      <path d={SHIELD} />
      <path d={MARKS.protected} />
    </svg>
  );
}
