/** Strategies: whether they may enter, and whether their signals wait for a person. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, http, withinMs } from '../../api/client.js';
import { liveTradesQuery, nowQuery, queries, strategiesQuery } from '../../api/queries.js';
import type { Now, Strategy } from '../../api/types.js';
import { useApp, useMay } from '../../app-state.js';
import { cancelledText, entriesAtBroker, NOT_BACK } from '../../banner/entries.js';
import { isOfAccount } from '../../banner/standing.js';
import { money, percent, total } from '../../format/numbers.js';
import { kindWord } from '../../format/words.js';
import { Badge, Result, When } from '../../parts/figures.js';
import { Ask } from '../../parts/confirm.js';
import { Empty, Panel, Read } from '../../parts/panel.js';

export function Strategies() {
  const { account } = useApp();
  const query = useQuery(strategiesQuery);
  const { data: now } = useQuery(nowQuery);
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>Strategies</h1>
        <p className="muted small">Each is made by its first signal.</p>
      </div>
      <Read query={query} what="Strategies">
        {({ items }) => {
          const shown = items.filter(isOfAccount(account));
          if (shown.length === 0) {
            return (
              <Panel title="Strategies">
                <Empty title="There is no strategy yet.">
                  The first signal that names one makes it: <Link to="/preview">preview</Link> one.
                </Empty>
              </Panel>
            );
          }
          return <Table strategies={shown} now={now} />;
        }}
      </Read>
    </div>
  );
}

interface TableProps {
  readonly strategies: readonly Strategy[];
  readonly now: Now | undefined;
}

function Table({ strategies, now }: TableProps) {
  return (
    <Panel title="All strategies" isFlush>
      <div className="table-wrap">
        <table className="table table-cards">
          <thead>
            <tr>
              <th>Strategy</th>
              <th>Account</th>
              <th className="num">Positions</th>
              <th className="num">Unrealized</th>
              <th className="num">Taken of its limit</th>
              <th>Entries</th>
              <th>Approval</th>
              <th>
                <span className="hidden-visually">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {strategies.map((strategy) => (
              <Row key={strategy.strategy_id} strategy={strategy} now={now} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ strategy, now }: { readonly strategy: Strategy; readonly now: Now | undefined }) {
  const { strategy_id: id, account_id: account } = strategy;
  const positions = now?.positions.filter((position) => position.strategy_id === id) ?? [];
  const taken = now?.exposures.find(({ limit, of }) => limit === 'MAX_STRATEGY_PCT' && of === id);
  const pauses = now?.pauses.filter((pause) => pause.strategy_id === id) ?? [];
  return (
    <tr data-strategy={id}>
      <td className="card-head name">
        <Link to="/trades" search={{ strategy: id }}>
          <strong>{id}</strong>
        </Link>
        <span className="sub">
          since <When at={strategy.created_at} />
        </span>
      </td>
      <td className="name" data-label="Account">
        {account}
      </td>
      <td className="num" data-label="Positions">
        {positions.length}
      </td>
      <td className="num" data-label="Unrealized">
        <Result
          value={positions.length === 0 ? '0' : total(positions.map((each) => each.unrealized_pnl))}
        />
      </td>
      <td className="num" data-label="Taken">
        {taken === undefined ? money('0') : money(taken.used)}
        {taken?.share && <span className="muted small"> · {percent(taken.share, 0)}</span>}
      </td>
      <td data-label="Entries">
        <Badge
          tone={strategy.mode === 'ACTIVE' ? 'good' : 'warn'}
          glyph={strategy.mode === 'ACTIVE' ? '●' : '■'}
        >
          {strategy.mode}
        </Badge>
        {pauses.map((pause) => (
          <span className="sub" key={`${pause.kind}${pause.since}`} title={pause.reason}>
            {kindWord(pause.kind)}
            {pause.until && (
              <>
                {' '}
                until <When at={pause.until} />
              </>
            )}
          </span>
        ))}
      </td>
      <td data-label="Approval">
        {strategy.approval === null
          ? 'as the installation has it'
          : strategy.approval === 'required'
            ? 'asks a person'
            : 'asks nobody'}
      </td>
      <td>
        <div className="row">
          <Switch strategy={strategy} isPaused={strategy.mode !== 'ACTIVE' || pauses.length > 0} />
          <ApprovalSwitch strategy={strategy} />
        </div>
      </td>
    </tr>
  );
}

const again = async () => {
  await queries.invalidateQueries({ queryKey: ['strategies'] });
  await queries.invalidateQueries({ queryKey: ['now'] });
};

function Switch({
  strategy: { strategy_id: id },
  isPaused,
}: {
  strategy: Strategy;
  isPaused: boolean;
}) {
  const mayTurn = useMay('admin');
  const path = isPaused ? '/api/v1/strategies/{id}/resume' : '/api/v1/strategies/{id}/pause';
  const turn = async () => {
    await answer(http.POST(path, { params: { path: { id } }, body: {}, ...withinMs() }));
    await again();
  };
  return (
    <Ask
      // A question about pausing, open while a protection pauses it, must not become one about resuming.
      key={path}
      label={isPaused ? 'Resume …' : 'Pause …'}
      className="button button-small"
      isDisabled={!mayTurn}
      title={isPaused ? `Let ${id} enter again?` : `Hold back the entries of ${id}?`}
      action={isPaused ? `Resume ${id}` : `Pause ${id}`}
      onConfirm={turn}
    >
      <p>
        {isPaused
          ? 'Its mode becomes ACTIVE, and its pauses after losses end now.'
          : 'Its new signals are denied from now on. Its positions stay open, with their stops; exits and repairs go on.'}
      </p>
      {isPaused ? <p>{NOT_BACK}</p> : <Cancelled strategy={id} />}
    </Ask>
  );
}

/** Asked for when the question is: nothing else on the page needs it. */
function Cancelled({ strategy }: { readonly strategy: string }) {
  const { data } = useQuery(liveTradesQuery(strategy));
  const isWhole = data?.next_cursor === null;
  return <p>{cancelledText(isWhole ? entriesAtBroker(data.items) : null)}</p>;
}

function ApprovalSwitch({
  strategy: { strategy_id: id, approval },
}: {
  readonly strategy: Strategy;
}) {
  const mayTurn = useMay('admin');
  const next = approval === 'required' ? 'none' : 'required';
  const turn = async () => {
    const params = { path: { id } };
    await answer(
      http.PUT('/api/v1/strategies/{id}/approval', {
        params,
        body: { approval: next },
        ...withinMs(),
      }),
    );
    await again();
  };
  return (
    <Ask
      key={next}
      label={next === 'required' ? 'Ask me first …' : 'Ask nobody …'}
      className="button button-small"
      isDisabled={!mayTurn}
      title={
        next === 'required'
          ? `Have signals of ${id} wait for a person?`
          : `Send signals of ${id} without asking?`
      }
      action={next === 'required' ? 'Ask a person first' : 'Ask nobody'}
      onConfirm={turn}
    >
      <p>
        {next === 'required'
          ? 'Each of its signals waits under Approvals until somebody approves it, or its time is over.'
          : 'Its signals are sent as soon as they pass the checks.'}
      </p>
    </Ask>
  );
}
