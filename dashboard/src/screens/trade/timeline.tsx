/** Everything that happened, in order; the newest last. */
import { useState } from 'react';
import type { TimelineEntry, TradeWhole } from '../../api/types.js';
import { jsonShown } from '../../format/outside.js';
import { words } from '../../format/words.js';
import { When } from '../../parts/figures.js';
import { Panel } from '../../parts/panel.js';

/** Both ends of a long story; the middle is asked for. */
const SHOWN_MAX = 60;

export function Timeline({ trade: { timeline } }: { readonly trade: TradeWhole }) {
  const [isWhole, setWhole] = useState(false);
  const isLong = timeline.length > SHOWN_MAX && !isWhole;
  const shown = isLong ? timeline.slice(-SHOWN_MAX) : timeline;
  return (
    <Panel title="Timeline" aside={`${timeline.length} entries`} isFlush>
      {isLong && (
        <div className="body">
          <button type="button" className="button button-small" onClick={() => setWhole(true)}>
            Show the {timeline.length - SHOWN_MAX} before these
          </button>
        </div>
      )}
      <ol className="timeline">
        {shown.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </Panel>
  );
}

function Entry({ entry: { at, kind, summary, detail } }: { readonly entry: TimelineEntry }) {
  const hasDetail = typeof detail === 'object' && detail !== null && Object.keys(detail).length > 0;
  return (
    <li>
      <span className="small muted">
        <When at={at} />
      </span>
      <span className="small muted clip" title={kind}>
        {words(kind)}
      </span>
      {hasDetail ? (
        <details>
          <summary>{summary}</summary>
          <pre>{jsonShown(detail, 2)}</pre>
        </details>
      ) : (
        <span>{summary}</span>
      )}
    </li>
  );
}
