/** What is up and what isn't, what holds entries back, and who decided what. */
import { useQuery } from '@tanstack/react-query';
import { auditQuery, healthQuery, nowQuery } from '../../api/queries.js';
import type { AuditEntry, Connection, Health } from '../../api/types.js';
import { useMay } from '../../app-state.js';
import { isSeeing } from '../../banner/standing.js';
import { span } from '../../format/time.js';
import { jsonShown } from '../../format/outside.js';
import { words } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import { Empty, Panel, Read } from '../../parts/panel.js';
import { LimitsTable } from './limits-table.js';
import { Sessions } from './sessions.js';

const STATES = {
  up: { tone: 'good', glyph: '●' },
  down: { tone: 'bad', glyph: '○' },
  unknown: { tone: 'warn', glyph: '?' },
} as const;

/** What a person does about a part that is down. */
const REMEDIES: Readonly<Record<string, string>> = {
  database:
    'Nothing is read or taken until it answers. Stops at the broker work on. “npm start” starts its own again by itself.',
  temporal:
    'Signals are taken and start later; commands are rows and wait. Stops at the broker work on.',
  'trade worker': 'Trades go on once one listens. “npm start” starts it again by itself.',
  'broker link':
    'Nothing is sent or seen. Stops at the broker work on. “npx ballast doctor” says why.',
};

export function HealthPage() {
  const health = useQuery(healthQuery);
  const now = useQuery(nowQuery);
  const audit = useQuery(auditQuery);
  const mayTurn = useMay('admin');
  return (
    <div className="screen">
      <h1>Health</h1>
      <div className="halves">
        <Panel title="Parts" aside="asked every few seconds">
          <Read query={health} what="Health">
            {(found) => <Parts health={found} isSeen={health.error === null} />}
          </Read>
        </Panel>
        <Panel title="Links to the broker">
          <Read query={now} what="Links">
            {({ connections }) =>
              connections.length === 0 ? (
                <Empty title="No broker was ever connected.">
                  A broker worker connects to one.
                </Empty>
              ) : (
                <ul className="list">
                  {connections.map((link) => (
                    <LinkItem key={link.id} link={link} isSeen={now.error === null} />
                  ))}
                </ul>
              )
            }
          </Read>
        </Panel>
      </div>
      <LimitsTable />
      {mayTurn && <Sessions />}
      <Panel title="Who decided what" aside="the newest of the audit log" isFlush>
        <Read query={audit} what="The audit log">
          {({ items }) => <Audit entries={items} />}
        </Read>
      </Panel>
    </div>
  );
}

interface PartsProps {
  readonly health: Health;
  /** False: the newest look came to nothing, and this is of the one before. */
  readonly isSeen: boolean;
}

function Parts({ health: { parts }, isSeen }: PartsProps) {
  return (
    <ul className="list">
      {parts.map(({ name, state, detail }) => (
        <li key={name} data-part={name} data-state={state}>
          <div className="row">
            {isSeen ? (
              <Badge tone={STATES[state].tone} glyph={STATES[state].glyph}>
                {state}
              </Badge>
            ) : (
              <Badge tone="warn" glyph="?">
                was {state}
              </Badge>
            )}
            <strong>{words(name)}</strong>
            <span className="small muted">{detail}</span>
          </div>
          {state === 'down' && <p className="small">{REMEDIES[name]}</p>}
        </li>
      ))}
    </ul>
  );
}

interface LinkProps {
  readonly link: Connection;
  readonly isSeen: boolean;
}

function LinkItem({ link, isSeen }: LinkProps) {
  const isUp = isSeeing(link);
  const word = isUp ? 'ready' : 'down';
  return (
    <li>
      <div className="row">
        {isSeen ? (
          <Badge tone={isUp ? 'good' : 'bad'} glyph={isUp ? '●' : '○'}>
            {word}
          </Badge>
        ) : (
          <Badge tone="warn" glyph="?">
            was {word}
          </Badge>
        )}
        <strong>
          {link.host}:{link.port}
        </strong>
        <span className="small muted">client id {link.client_id}</span>
      </div>
      <dl className="pairs small">
        <dt>Held by</dt>
        <dd>{link.lease_holder ?? 'nobody'}</dd>
        <dt>Stand-bys</dt>
        <dd>{link.stand_bys.length}</dd>
        <dt>The worker spoke</dt>
        <dd>{span(link.age_ms)} ago</dd>
        <dt>Last message of the broker</dt>
        <dd>
          <When at={link.last_message_at} />
        </dd>
        <dt>Last whole picture</dt>
        <dd>
          <When at={link.picture_at} />
        </dd>
        {link.down_since !== null && (
          <>
            <dt>Down since</dt>
            <dd>
              <When at={link.down_since} />
            </dd>
          </>
        )}
        {link.parked_reason !== null && (
          <>
            <dt>Entries wait</dt>
            <dd>{link.parked_reason}</dd>
          </>
        )}
      </dl>
    </li>
  );
}

function Audit({ entries }: { readonly entries: readonly AuditEntry[] }) {
  if (entries.length === 0) return <Empty isFlush title="Nobody decided anything yet." />;
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label="Audit log">
      <table className="table table-cards">
        <thead>
          <tr>
            <th>At</th>
            <th>Who</th>
            <th>What</th>
            <th>Of</th>
            <th>How</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, at, actor, action, subject, body }) => (
            <tr key={id}>
              <td data-label="At">
                <When at={at} />
              </td>
              <td className="name" data-label="Who">
                <bdi>{actor}</bdi>
              </td>
              <td data-label="What">{words(action.replaceAll('.', ' '))}</td>
              <td className="name" data-label="Of">
                <bdi>{subject}</bdi>
              </td>
              <td className="card-head wrap mono small">{jsonShown(body)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
