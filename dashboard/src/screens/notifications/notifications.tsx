/** What people were told, or are to be, and how the ways to them do. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, http, withinMs } from '../../api/client.js';
import { channelsQuery, notificationsQuery, queries } from '../../api/queries.js';
import type { Channel, Notification } from '../../api/types.js';
import { useApp, useMay } from '../../app-state.js';
import { span } from '../../format/time.js';
import { words } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import type { Tone } from '../../parts/tone.js';
import { Empty, Panel, Read, Trouble } from '../../parts/panel.js';

export function Notifications() {
  const { session } = useApp();
  const [isOpenOnly, setOpenOnly] = useState(false);
  const query = useQuery(notificationsQuery(isOpenOnly));
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>Notifications</h1>
        <div className="row">
          <label className="row-tight">
            <input
              type="checkbox"
              checked={isOpenOnly}
              onChange={({ target }) => setOpenOnly(target.checked)}
            />{' '}
            only what has not arrived
          </label>
          <Test />
        </div>
      </div>
      {session.is_owner && <Channels />}
      <Panel title="What was told" aside="newest first" isFlush>
        <Read query={query} what="Notifications">
          {({ items }) =>
            items.length === 0 ? (
              <Empty
                isFlush
                title={isOpenOnly ? 'Everything has arrived.' : 'Nothing was told yet.'}
              />
            ) : (
              <ul className="list reports">
                {items.map((each) => (
                  <One key={each.id} told={each} />
                ))}
              </ul>
            )
          }
        </Read>
      </Panel>
    </div>
  );
}

function Test() {
  const mayTest = useMay('admin');
  const [error, setError] = useState<unknown>(null);
  const test = async () => {
    setError(null);
    try {
      await answer(http.POST('/api/v1/notifications/test', { body: {}, ...withinMs() }));
      await queries.invalidateQueries({ queryKey: ['notifications'] });
    } catch (refusal) {
      setError(refusal);
    }
  };
  return (
    <>
      {error !== null && <Trouble error={error} doing="No test was sent" />}
      <button type="button" className="button" disabled={!mayTest} onClick={() => void test()}>
        Send a test
      </button>
    </>
  );
}

function Channels() {
  const query = useQuery(channelsQuery);
  return (
    <Panel title="Ways to people">
      <Read query={query} what="Channels">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No channel is set up: what is told stands on this page alone.">
              Mail, Discord, Telegram and webhooks are settings; docs/notifications.md has them, and{' '}
              <code>npx ballast notify test</code> tries them.
            </Empty>
          ) : (
            <ul className="list">
              {items.map((channel) => (
                <Way key={channel.name} channel={channel} />
              ))}
            </ul>
          )
        }
      </Read>
    </Panel>
  );
}

function Way({ channel }: { readonly channel: Channel }) {
  const { name, failures, pending, oldest_ms: oldest, given_up: givenUp } = channel;
  return (
    <li>
      <div className="row">
        <Badge tone={failures > 0 ? 'warn' : 'good'} glyph={failures > 0 ? '!' : '✓'}>
          {name}
        </Badge>
        <span className="small">
          {pending} waiting{oldest !== null && `, the oldest for ${span(oldest)}`} · {givenUp} given
          up this week
        </span>
        <span className="small muted">
          last sent <When at={channel.last_sent_at} />
        </span>
      </div>
      {channel.last_error !== null && <p className="small tone-warn">{channel.last_error}</p>}
    </li>
  );
}

const STATES: Readonly<Record<string, { readonly tone: Tone; readonly glyph: string }>> = {
  sent: { tone: 'good', glyph: '✓' },
  pending: { tone: 'quiet', glyph: '…' },
  given_up: { tone: 'bad', glyph: '✕' },
};

function One({ told }: { readonly told: Notification }) {
  return (
    <li>
      <div className="row">
        <span className="small muted">
          <When at={told.created_at} />
        </span>
        <Badge>{words(told.kind)}</Badge>
        {told.trade_id === null ? (
          <span>{told.summary}</span>
        ) : (
          <Link to="/trades/$id" params={{ id: told.trade_id }}>
            {told.summary}
          </Link>
        )}
        {told.deliveries.map(({ channel, state, last_error: error }) => (
          <span key={channel} title={error ?? undefined}>
            <Badge tone={STATES[state]?.tone ?? 'quiet'} glyph={STATES[state]?.glyph ?? '…'}>
              {channel}
            </Badge>
          </span>
        ))}
      </div>
    </li>
  );
}
