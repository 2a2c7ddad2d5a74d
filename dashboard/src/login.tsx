/** Who has no session is told how to get one. */
import { useState } from 'react';
import { codeIn, logIn } from './api/session.js';
import type { Session } from './api/types.js';
import { Mark } from './parts/icons.js';
import { Trouble } from './parts/panel.js';

interface LoginProps {
  /** Why the link that was opened did not do; null: none was. */
  readonly error: unknown;
  readonly onSession: (session: Session) => void;
}

export function Login({ error: first, onSession }: LoginProps) {
  const [pasted, setPasted] = useState('');
  const [error, setError] = useState(first);
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      onSession(await logIn(codeIn(pasted)));
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  };
  return (
    <main className="login">
      <section className="panel">
        <div className="body">
          <h1 className="brand">
            <Mark /> Ballast
          </h1>
          {error !== null && <Trouble error={error} doing="Not logged in" />}
          <p>
            This browser is not logged in. On the machine that runs Ballast,{' '}
            <code>npx ballast dashboard</code> prints a link that logs in once;{' '}
            <code>npm start</code> prints one as well.
          </p>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            <label className="field">
              <span>The link, or its code</span>
              <input
                className="input mono"
                autoComplete="off"
                value={pasted}
                onChange={({ target }) => setPasted(target.value)}
              />
            </label>
            <button className="button button-main" disabled={pasted.trim() === '' || isBusy}>
              Log in
            </button>
          </form>
        </div>
      </section>
    </main>
  );
}
