/** The halt, in reach on every screen: it asks once, and says with numbers what goes on. */
import { answer, http, withinMs } from '../api/client.js';
import { queries } from '../api/queries.js';
import { useSeen } from '../api/use-now.js';
import { useApp } from '../app-state.js';
import { clock } from '../format/time.js';
import { count } from '../format/words.js';
import { Ask } from '../parts/confirm.js';
import { cancelledText, entriesAtBroker, NOT_BACK } from './entries.js';
import { standingOf, type Seen } from './standing.js';

const again = () => queries.invalidateQueries({ queryKey: ['now'] });

async function halt(): Promise<void> {
  await answer(
    http.POST('/api/v1/halt', { body: { reason: 'from the dashboard' }, ...withinMs() }),
  );
  await again();
}

/** Lifts what holds back all entries: the halt file, and the installation's mode, which a halt may have set as well. */
async function resume(isByFile: boolean, isByMode: boolean): Promise<void> {
  if (isByFile) await answer(http.POST('/api/v1/resume', { body: {}, ...withinMs() }));
  if (isByMode) {
    const body = { kind: 'installation' as const, mode: 'ACTIVE' as const };
    await answer(http.POST('/api/v1/modes', { body, ...withinMs() }));
  }
  await again();
}

/** What stays as it is, by what is known of it. */
function heldText(seen: Seen | null): string {
  if (seen === null) return 'what is held is not known now; it stays, and so do its stops.';
  const { held, armed, blind } = standingOf(seen, null);
  const known = blind === null ? '' : `as last known at ${clock(blind.knownAt)}, `;
  if (held === 0) return `${known}no trade holds a position.`;
  const stay = `${count(held, 'position')} stay${held === 1 ? 's' : ''} open`;
  return `${known}${stay}, ${armed} of them with an armed stop; exits and repairs go on.`;
}

/** “Halt”, or “Resume” while it is halted. */
export function HaltButton() {
  const { session } = useApp();
  const { seen } = useSeen();
  const mayHalt = session.is_owner && session.scopes.includes('trade');
  const mayResume = session.is_owner && session.scopes.includes('admin');
  const now = seen?.now;
  const isByFile = (now?.halted_by.length ?? 0) > 0;
  const installation = now?.modes.find(({ kind }) => kind === 'installation')?.mode ?? 'ACTIVE';
  const isByMode = installation !== 'ACTIVE';
  if (isByFile || isByMode) {
    return (
      <Ask
        // Another question, not the same one with other words: an open one about halting must not become it.
        key="resume"
        label="Resume …"
        isDisabled={!mayResume}
        hint={mayResume ? undefined : 'only the owner may, by a session with the scope admin'}
        title="Let entries be sent again?"
        action="Resume entries"
        onConfirm={() => resume(isByFile, isByMode)}
      >
        <p>
          {isByFile &&
            'The halt file is taken away, and pauses of recovery mode and of mass breaches are lifted. '}
          {isByMode && `The mode of the installation is ${installation}; it becomes ACTIVE. `}
          Signals that come from now on are judged and sent. What was denied meanwhile stays denied.
        </p>
        <p>{NOT_BACK}</p>
      </Ask>
    );
  }
  return (
    <Ask
      key="halt"
      label="Halt …"
      className="button button-danger"
      isDisabled={!mayHalt}
      hint={mayHalt ? 'Stops all entries' : 'only the owner may, by a session with the scope trade'}
      title="Halt all entries?"
      action="Halt entries"
      isDanger
      onConfirm={halt}
    >
      <p>
        Nothing new is opened from now on, for all accounts and strategies, until somebody resumes.
        Nothing is sold: {heldText(seen)}
      </p>
      <p>{cancelledText(now === undefined ? null : entriesAtBroker(now.open))}</p>
    </Ask>
  );
}
