/** Preview and execute: what a signal would come to, and having exactly that sent. */
import { useState } from 'react';
import { answer, http, SLOW_TIMEOUT_MS, withinMs } from '../../api/client.js';
import type { Preview } from '../../api/types.js';
import { useMay } from '../../app-state.js';
import { Empty, Panel, Trouble } from '../../parts/panel.js';
import { EMPTY_FORM, problemsOf, signalOf, type Form } from './form.js';
import { Fields } from './fields.js';
import { Shown } from './shown.js';

interface Made {
  readonly preview: Preview | null;
  readonly isNewer: boolean;
}

export function PreviewPage() {
  const mayTrade = useMay('trade');
  const [form, setForm] = useState<Form>(EMPTY_FORM);
  /** `isNewer`: it came in place of one that was to be sent. */
  const [{ preview, isNewer }, setMade] = useState<Made>({ preview: null, isNewer: false });
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const problems = problemsOf(form);
  const isReady = Object.keys(problems).length === 0;
  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = signalOf(form) as never;
      const asked = http.POST('/api/v1/previews', { body, ...withinMs(SLOW_TIMEOUT_MS) });
      setMade({ preview: await answer(asked), isNewer: false });
    } catch (refusal) {
      setMade({ preview: null, isNewer: false });
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="screen">
      <div className="screen-head">
        <h1>Preview and execute</h1>
        <p className="muted small">A preview sends nothing and reserves nothing.</p>
      </div>
      <div className="two two-form">
        <Panel title="The signal">
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              if (isReady && !isBusy) void make();
            }}
          >
            <Fields form={form} problems={problems} onChange={setForm} />
            <button className="button button-main" disabled={!mayTrade || !isReady || isBusy}>
              {isBusy ? 'Asking the broker …' : 'Preview'}
            </button>
          </form>
        </Panel>
        <div className="stack" aria-live="polite">
          {error !== null && <Trouble error={error} doing="No preview was made" />}
          {preview === null ? (
            <Panel title="What it would come to">
              <Empty title={isBusy ? 'The broker is asked …' : 'Nothing was previewed yet.'}>
                Size with every cap, each check, the very orders, margin and commission stand here.
              </Empty>
            </Panel>
          ) : (
            <Shown
              key={preview.preview_id}
              preview={preview}
              isNewer={isNewer}
              onChanged={(next) => setMade({ preview: next, isNewer: true })}
              onAgain={make}
            />
          )}
        </div>
      </div>
    </div>
  );
}
