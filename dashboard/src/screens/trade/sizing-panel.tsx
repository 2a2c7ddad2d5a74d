/** Why this size: what risk asked for, and the caps that it was held to. */
import type { Decision, Sizing, TradeWhole } from '../../api/types.js';
import { money, percent, price, quantity } from '../../format/numbers.js';
import { capWord, words } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import { Empty, Panel } from '../../parts/panel.js';

export function SizingPanel({ trade }: { readonly trade: TradeWhole }) {
  const decision = trade.decisions.at(-1);
  const sizing = trade.decisions.findLast((each) => each.sizing !== null)?.sizing ?? null;
  const isDenied = decision !== undefined && decision.verdict !== 'approved';
  return (
    <Panel
      title={isDenied ? 'Why it was denied' : 'Why this size'}
      aside={decision && <When at={decision.decided_at} />}
    >
      {decision === undefined && (
        <Empty title="Nothing was decided yet.">The size is shown once the signal is judged.</Empty>
      )}
      {decision !== undefined && <Verdict decision={decision} />}
      {sizing !== null && <SizingFigures sizing={sizing} />}
    </Panel>
  );
}

function Verdict({ decision }: { readonly decision: Decision }) {
  const isApproved = decision.verdict === 'approved';
  if (isApproved) return null;
  return (
    <div className="stack">
      <div className="row">
        <Badge tone="bad" glyph="⊘">
          Denied
        </Badge>
        {decision.codes.map((code) => (
          <code key={code}>{code}</code>
        ))}
      </div>
      <ul className="list small">
        {decision.findings.map(({ code, measured, limit }) => (
          <li key={`${code}${measured}`}>
            {words(code)}: {measured} <span className="muted">against {limit}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The sizing with its caps; also of a preview. */
export function SizingFigures({ sizing }: { readonly sizing: Sizing }) {
  const { inputs } = sizing;
  return (
    <div className="stack">
      <p>
        {inputs['risk_pct'] && <>{percent(inputs['risk_pct'], 2)} of </>}
        {money(inputs['equity'])} at risk, from {price(inputs['entry_price'])} to the stop at{' '}
        {price(inputs['stop_price'])}: {quantity(sizing.raw_quantity)} shares.
      </p>
      <table className="table caps">
        <thead>
          <tr>
            <th>Held to</th>
            <th className="num">Shares at the most</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(sizing.caps).map(([name, shares]) => (
            <tr key={name} className={name === sizing.bound_by ? 'is-bound' : ''}>
              <td>
                {capWord(name)}{' '}
                {name === sizing.bound_by && <Badge tone="warn">this one bound</Badge>}
              </td>
              <td className="num">{quantity(shares)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="pairs">
        <dt>Size</dt>
        <dd>
          <strong>{quantity(sizing.quantity)} shares</strong>
        </dd>
        <dt>Value</dt>
        <dd>{money(sizing.position_value)}</dd>
        <dt>At risk to the stop</dt>
        <dd>
          {money(sizing.risk_amount)} ({percent(sizing.risk_percent, 3)} of equity)
        </dd>
        {sizing.reward_risk !== null && (
          <>
            <dt>Reward to risk</dt>
            <dd>{money(sizing.reward_risk)}</dd>
          </>
        )}
        {sizing.refusal !== null && (
          <>
            <dt>Refused</dt>
            <dd>{sizing.refusal}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
