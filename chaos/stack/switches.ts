/** The six sides on which a broker may be where its behaviour is poorly attested. */
/** What the broker does where its behaviour is poorly attested: one of six. */
export interface Switches {
  readonly children: 'scaled' | 'full_size_on_first_fill' | 'on_complete_fill';
  readonly parentCancel: 'keeps' | 'kills';
}

export const ALL_SWITCHES: readonly Switches[] = (
  ['scaled', 'full_size_on_first_fill', 'on_complete_fill'] as const
).flatMap((children) =>
  (['keeps', 'kills'] as const).map((parentCancel) => ({ children, parentCancel })),
);
