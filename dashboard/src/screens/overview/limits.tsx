/** How much of each limit is taken. */
import type { Exposure } from '../../api/types.js';
import { money, percent, quantity, shareOf } from '../../format/numbers.js';
import { limitWord } from '../../format/words.js';
import { ShareBar } from '../../parts/figures.js';
import { Empty, Panel } from '../../parts/panel.js';

interface Props {
  readonly exposures: readonly Exposure[];
  /** How old the account's values are, where that must be said. */
  readonly old: (account: string) => string | null;
}

export function LimitsPanel({ exposures, old }: Props) {
  const fullestFirst = [...exposures].sort(
    (a, b) => shareOf(b.used, b.allowed) - shareOf(a.used, a.allowed),
  );
  return (
    <Panel title="Taken of the limits" aside="what is unfilled counts too">
      {exposures.length === 0 ? (
        <Empty title="No account is known yet.">
          It appears once a broker worker has reported it.
        </Empty>
      ) : (
        <div className="limits">
          {fullestFirst.map((exposure) => (
            <One
              key={`${exposure.limit}${exposure.account_id}${exposure.of}`}
              exposure={exposure}
              old={exposure.limit === 'DAILY_LOSS_LIMIT' ? old(exposure.account_id) : null}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}

interface OneProps {
  readonly exposure: Exposure;
  readonly old: string | null;
}

function One({ exposure: { limit, of, used, allowed, share, currency }, old }: OneProps) {
  const show = currency === null ? quantity : money;
  const name = limitWord(limit);
  return (
    <div className="limit" title={`${limit}${of === null ? '' : ` of ${of}`}`}>
      <span>
        {name} {of !== null && <span className="small muted">{of}</span>}
        {old !== null && <span className="small tone-warn">{old}</span>}
      </span>
      <span className="small nowrap">
        {show(used)}{' '}
        <span className="muted">of {allowed === null ? 'no limit' : show(allowed)}</span>
        {share !== null && ` · ${percent(share, 0)}`}
      </span>
      <ShareBar used={used} allowed={allowed} label={of === null ? name : `${name} ${of}`} />
    </div>
  );
}
