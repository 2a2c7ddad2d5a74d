/** What was asked: the signal as it came. */
import type { TradeWhole } from '../../api/types.js';
import { jsonShown } from '../../format/outside.js';
import { words } from '../../format/words.js';
import { When } from '../../parts/figures.js';
import { Panel } from '../../parts/panel.js';

/** In the title already, or long: shown apart. */
const APART = new Set([
  'id',
  'symbol',
  'side',
  'strategy_id',
  'context',
  'indicators',
  'account_id',
]);

export function Asked({ trade }: { readonly trade: TradeWhole }) {
  const { signal, strategy_id: strategy, account_id: account, signal_id: id } = trade;
  const fields = Object.entries(signal).filter(([name]) => !APART.has(name));
  const said = { context: signal['context'], indicators: signal['indicators'] };
  const hasMore = said.context !== undefined || said.indicators !== undefined;
  return (
    <Panel
      title="What was asked"
      aside={
        <>
          taken in <When at={trade.created_at} />
        </>
      }
    >
      <dl className="pairs">
        <dt>Strategy</dt>
        <dd>{strategy}</dd>
        <dt>Signal</dt>
        <dd className="mono">{id}</dd>
        <dt>Account</dt>
        <dd>{account}</dd>
        {fields.map(([name, value]) => (
          <Pair key={name} name={name} value={value} />
        ))}
      </dl>
      {hasMore && (
        <details className="more">
          <summary>What the signal said besides</summary>
          <pre>{jsonShown(said, 2)}</pre>
        </details>
      )}
    </Panel>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: unknown }) {
  const shown = typeof value === 'string' ? value : jsonShown(value);
  return (
    <>
      <dt>{words(name)}</dt>
      <dd>{shown}</dd>
    </>
  );
}
