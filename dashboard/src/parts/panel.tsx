/** A part of a screen, and what it says while it has nothing to show. */
import { useId, type ReactNode } from 'react';
import { remedyOf, told } from '../api/problem.js';

interface PanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly footer?: ReactNode;
  /** The content brings its own edges, as tables do. */
  readonly isFlush?: boolean;
  readonly children: ReactNode;
}

/** A titled box. */
export function Panel({ title, aside, footer, isFlush = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div className="small muted">{aside}</div>}
      </header>
      {isFlush ? children : <div className="body">{children}</div>}
      {footer !== undefined && <footer className="small muted">{footer}</footer>}
    </section>
  );
}

interface EmptyProps {
  readonly title: string;
  /** What to do next. */
  readonly children?: ReactNode;
  readonly isFlush?: boolean;
}

/** Nothing to show, and what that means. */
export function Empty({ title, children, isFlush = false }: EmptyProps) {
  const text = (
    <div className="empty">
      <strong>{title}</strong>
      {children !== undefined && <span>{children}</span>}
    </div>
  );
  return isFlush ? <div className="body panel-empty">{text}</div> : text;
}

/** What went wrong, and what to do. */
export function Trouble({ error, doing }: { readonly error: unknown; readonly doing: string }) {
  const remedy = remedyOf(error);
  return (
    <div className="problem" role="alert">
      <strong>{doing}:</strong> <bdi>{told(error)}</bdi>
      {remedy !== null && <div className="small">{remedy}</div>}
    </div>
  );
}

/** Keeps its place while something is read for the first time. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      {what} …
    </div>
  );
}

interface ReadProps<T> {
  readonly query: { readonly data: T | undefined; readonly error: unknown };
  /** `Positions`: for what is told while there is nothing. */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** What was read; with an error beside what was known before it. */
export function Read<T>({ query: { data, error }, what, children }: ReadProps<T>) {
  return (
    <>
      {error !== null && error !== undefined && (
        <Trouble error={error} doing={`${what} can't be read now`} />
      )}
      {data !== undefined && children(data)}
      {data === undefined && (error === null || error === undefined) && <Loading what={what} />}
    </>
  );
}
