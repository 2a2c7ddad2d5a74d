/** The reference page of the denial codes, made from their registry; a test keeps the two equal. */
import { REASONS, type ReasonCategory } from './reasons.js';

const CATEGORY_TEXT: Readonly<Record<ReasonCategory, string>> = {
  switch: 'a switch',
  access: 'a permission',
  data: 'the system or its data',
  signal: 'the signal',
  market: 'the market',
  position: 'what is held',
  limit: 'a limit',
};

/** The whole page as Markdown. */
export function reasonCodesPage(): string {
  return [
    '# Denial codes',
    '',
    'Generated from `domain/reasons.ts`; do not edit by hand.',
    '',
    'A denial lists every check that failed, in this order, each with what was measured and what the',
    'limit is. The set is closed: no other code is ever given, and none changes its meaning.',
    '',
    '| code | speaks of | meaning |',
    '| --- | --- | --- |',
    ...REASONS.map(
      ({ code, category, sentence }) =>
        `| \`${code}\` | ${CATEGORY_TEXT[category]} | ${sentence} |`,
    ),
    '',
  ].join('\n');
}
