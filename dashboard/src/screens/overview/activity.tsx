/** What happens to trades, as it is told. */
import { Link } from '@tanstack/react-router';
import { useLive } from '../../api/events.js';
import { When } from '../../parts/figures.js';
import { Empty, Panel } from '../../parts/panel.js';

/** As many as are read at a glance. */
const SHOWN = 12;

export function Activity() {
  const { isOpen, events } = useLive();
  return (
    <Panel title="As it happens" aside={isOpen ? 'live' : 'the stream is opened again …'}>
      {events.length === 0 ? (
        <Empty title="Nothing has happened since this page was opened." />
      ) : (
        <ol className="list activity" data-live={events[0]?.id}>
          {events.slice(0, SHOWN).map((event) => (
            <li key={event.id} className="small">
              <span className="muted">
                <When at={event.at} />
              </span>{' '}
              <Link to="/trades/$id" params={{ id: event.trade_id }}>
                {event.summary}
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
