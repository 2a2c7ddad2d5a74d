/** Who is let in: browsers that are logged in, and tokens; each is signed out by itself, or all at once. */
import { useQuery } from '@tanstack/react-query';
import { answer, http, withinMs } from '../../api/client.js';
import { queries, sessionsQuery } from '../../api/queries.js';
import type { LetIn } from '../../api/types.js';
import { count } from '../../format/words.js';
import { Ask } from '../../parts/confirm.js';
import { Badge, When } from '../../parts/figures.js';
import { Empty, Panel, Read } from '../../parts/panel.js';
import { browserWord } from './browser-word.js';

export function Sessions() {
  const query = useQuery(sessionsQuery);
  const live = query.data?.items.filter(({ revoked_at: at }) => at === null) ?? [];
  const others = live.filter((each) => each.kind === 'dashboard' && !each.is_this);
  return (
    <Panel
      title="Who is let in"
      aside={others.length > 0 && <SignOutOthers others={others.length} />}
      isFlush
    >
      <Read query={query} what="Who is let in">
        {() => <Table sessions={live} />}
      </Read>
    </Panel>
  );
}

function Table({ sessions }: { readonly sessions: readonly LetIn[] }) {
  if (sessions.length === 0) {
    return <Empty isFlush title="Nobody is logged in, and there is no token that has a row." />;
  }
  return (
    <div className="table-wrap">
      <table className="table table-cards">
        <thead>
          <tr>
            <th>Who</th>
            <th>May</th>
            <th>Since</th>
            <th>Last used</th>
            <th>From</th>
            <th>Until</th>
            <th>
              <span className="hidden-visually">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((each) => (
            <Row key={each.id} each={each} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ each }: { readonly each: LetIn }) {
  const isToken = each.kind === 'token';
  const name = isToken ? 'A token' : browserWord(each.used_by);
  return (
    <tr data-session={each.id}>
      <td className="card-head" title={each.used_by ?? undefined}>
        <strong>{name}</strong> {each.is_this && <Badge tone="good">this browser</Badge>}
        <span className="sub mono">{each.id.slice(0, 8)}</span>
      </td>
      <td data-label="May">{each.scopes.join(', ')}</td>
      <td data-label="Since">
        <span>
          <When at={each.created_at} />
          <span className="sub">
            {isToken ? 'made' : 'by a link'} of {each.created_by}
          </span>
        </span>
      </td>
      <td data-label="Last used">
        {each.last_used_at === null ? 'never' : <When at={each.last_used_at} />}
      </td>
      <td data-label="From">{each.used_from ?? '—'}</td>
      <td data-label="Until">
        <When at={each.expires_at} />
      </td>
      <td>
        <Ask
          label={isToken ? 'Call back …' : 'Sign out …'}
          className="button button-small"
          title={isToken ? `Call the token ${each.id.slice(0, 8)} back?` : `Sign ${name} out?`}
          action={isToken ? 'Call it back' : 'Sign out'}
          onConfirm={() => revoke(each.id)}
        >
          <p>{consequence(each)}</p>
        </Ask>
      </td>
    </tr>
  );
}

function consequence({ kind, is_this: isThis }: LetIn): string {
  if (kind === 'token') return 'Whatever uses it is refused from now on. Trades go on without it.';
  if (isThis) return 'This is the browser that you look at: you need a new link then.';
  return 'Nothing is shown or done by it from now on; it needs a new link. Trades go on without it.';
}

async function revoke(id: string): Promise<void> {
  const params = { path: { id } };
  await answer(http.DELETE('/api/v1/sessions/{id}', { params, ...withinMs() }));
  await queries.invalidateQueries({ queryKey: ['sessions'] });
}

function SignOutOthers({ others }: { readonly others: number }) {
  const signOut = async () => {
    const query = { kind: 'dashboard', except_this: 'true' } as const;
    await answer(http.DELETE('/api/v1/sessions', { params: { query }, ...withinMs() }));
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  };
  return (
    <Ask
      label="Sign out all others …"
      className="button button-small"
      title={`Sign out ${count(others, 'other browser')}?`}
      action={`Sign out ${others}`}
      onConfirm={signOut}
    >
      <p>This browser stays logged in. Tokens stay; each is called back by itself.</p>
    </Ask>
  );
}
