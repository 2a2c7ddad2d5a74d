/** Asks once, with the numbers, before anything is done that moves money or holds it back. */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Trouble } from './panel.js';
import { newKey } from '../api/key.js';
import { RefusedError } from '../api/problem.js';

export interface ConfirmProps {
  /** `Close 86 AAPL at the market?` */
  readonly title: string;
  /** What will be done, with the numbers. */
  readonly children?: ReactNode;
  /** What the button that does it says: `Sell 86 AAPL`. */
  readonly action: string;
  readonly isDanger?: boolean;
  /** False while what was entered can't be sent. */
  readonly isReady?: boolean;
  /** Does it; what it throws is shown, and it may be tried again. `key` is the same for each try. */
  readonly onConfirm: (key: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** A question over the page; Escape takes it back, and focus goes to where it came from. */
export function Confirm({
  title,
  children,
  action,
  isDanger = false,
  isReady = true,
  onConfirm,
  onClose,
}: ConfirmProps) {
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Whatever is clicked twice, or sent again after a break, is one command.
  const [key, setKey] = useState(() => newKey());
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm(key);
      onClose();
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <form
        method="dialog"
        // What was answered was about other words: with new ones it is another command.
        onInput={() => {
          setError(null);
          setKey(newKey());
        }}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isBusy) void confirm();
        }}
      >
        <h1 id={titleId}>{title}</h1>
        {children}
        {error !== null && <Trouble error={error} doing={doingOf(error)} />}
        <menu>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Leave it as it is
          </button>
          <button
            type="submit"
            className={`button ${isDanger ? 'button-danger-main' : 'button-main'}`}
            disabled={!isReady || isBusy}
          >
            {isBusy ? 'Asking …' : action}
          </button>
        </menu>
      </form>
    </dialog>
  );
}

/** A refusal did nothing; whether what came to no answer was done, the page shows later. */
function doingOf(error: unknown): string {
  const isRefused = error instanceof RefusedError && error.status < 500;
  return isRefused ? 'It was refused, and nothing was done' : 'Nothing more is known than this';
}

interface AskProps extends Omit<ConfirmProps, 'onClose'> {
  /** On the button that asks. */
  readonly label: string;
  readonly className?: string;
  readonly isDisabled?: boolean;
  /** Why it is disabled, or more of what it does. */
  readonly hint?: string | undefined;
}

/** A button with its question. */
export function Ask({ label, className = 'button', isDisabled, hint, ...confirm }: AskProps) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        className={className}
        disabled={isDisabled}
        title={hint}
        onClick={() => setAsking(true)}
      >
        {label}
      </button>
      {isAsking && <Confirm {...confirm} onClose={() => setAsking(false)} />}
    </>
  );
}
