/** Each check of risk, and what it measured. */
import type { Preview } from '../../api/types.js';
import { words } from '../../format/words.js';
import { Badge } from '../../parts/figures.js';
import { Panel } from '../../parts/panel.js';

type Check = NonNullable<Preview['shows']>['checks'][number];

const OUTCOMES = {
  passed: { tone: 'good', glyph: '✓', word: 'passed' },
  failed: { tone: 'bad', glyph: '✕', word: 'failed' },
  not_checked: { tone: 'quiet', glyph: '–', word: 'not checked' },
} as const;

const RANK: readonly Check['outcome'][] = ['failed', 'not_checked', 'passed'];

export function Checks({ checks }: { readonly checks: readonly Check[] }) {
  const sorted = [...checks].sort((a, b) => RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome));
  return (
    <Panel
      title="Checks"
      aside={`${checks.filter(({ outcome }) => outcome === 'passed').length} of ${checks.length} passed`}
    >
      <ul className="checks">
        {sorted.map(({ code, outcome, findings }) => (
          <li key={code}>
            <Badge tone={OUTCOMES[outcome].tone} glyph={OUTCOMES[outcome].glyph}>
              {OUTCOMES[outcome].word}
            </Badge>
            <span className="small">
              {words(code)}
              {findings.map(({ measured, limit }) => (
                <span className="sub" key={measured}>
                  {measured} against {limit}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
