/** The reference page of the denial codes, made from their registry; a test keeps the two equal. */
import { REASONS, type ReasonCategory, type ReasonShape } from './reasons.js';

const CATEGORY_TEXT: Readonly<Record<ReasonCategory, string>> = {
  switch: 'a switch',
  access: 'a permission',
  data: 'the system or its data',
  signal: 'the signal',
  market: 'the market',
  position: 'what is held',
  limit: 'a limit',
};

function rowOf({ code, category, sentence, isReserved }: ReasonShape): string {
  const reserved = isReserved ? ' Not given yet: no check of this version looks at it.' : '';
  return `| \`${code}\` | ${CATEGORY_TEXT[category]} | ${sentence}${reserved} |`;
}

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
    ...REASONS.map(rowOf),
    '',
  ].join('\n');
}
