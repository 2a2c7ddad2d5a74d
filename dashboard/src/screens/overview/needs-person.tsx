/** What waits for a person, each with the next step. */
import { Link } from '@tanstack/react-router';
import type { Attention } from '../../api/types.js';
import { count, kindWord } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import { Empty, Panel } from '../../parts/panel.js';

interface Props {
  readonly attention: readonly Attention[];
  readonly approvals: number;
}

export function NeedsPerson({ attention, approvals }: Props) {
  const others = attention.filter(({ kind }) => kind !== 'approval');
  return (
    <Panel title="Needs a person">
      {others.length + approvals === 0 ? (
        <Empty title="Nothing waits for you." />
      ) : (
        <ul className="list">
          {approvals > 0 && (
            <li>
              <Badge tone="warn" glyph="?">
                Approval
              </Badge>{' '}
              <Link to="/approvals">
                {count(approvals, 'signal')} {approvals === 1 ? 'waits' : 'wait'} for your word
              </Link>
            </li>
          )}
          {others.map((each) => (
            <Item key={`${each.kind}${each.trade_id}${each.symbol}${each.since}`} item={each} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Item({ item }: { readonly item: Attention }) {
  const of = [item.symbol, item.strategy_id].filter(Boolean).join(' · ');
  return (
    <li>
      <div className="row">
        <Badge tone="warn" glyph="!">
          {kindWord(item.kind)}
        </Badge>
        {item.trade_id === null ? (
          <strong>{of}</strong>
        ) : (
          <Link to="/trades/$id" params={{ id: item.trade_id }}>
            {of || 'the trade'}
          </Link>
        )}
        <span className="small muted">
          since <When at={item.since} />
        </span>
      </div>
      <p className="small">{item.reason}</p>
      {item.command !== undefined && (
        <p className="small">
          <code>{item.command}</code>
        </p>
      )}
      {item.advice !== undefined && <p className="small muted">{item.advice}</p>}
      {item.until !== undefined && (
        <p className="small muted">
          ends by itself at <When at={item.until} />
        </p>
      )}
    </li>
  );
}
