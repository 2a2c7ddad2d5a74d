/** The filters of a list of trades. */
import { useEffect, useRef, useState } from 'react';
import { words } from '../../format/words.js';
import { STATUSES, type Filters } from './filters.js';

interface Props {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** A list is not read anew for each letter. */
const TYPED_MS = 250;

export function FilterBar({ filters, onChange }: Props) {
  const set = (key: keyof Filters, value: string) => {
    const { [key]: _before, ...rest } = filters;
    onChange(value === '' ? rest : { ...rest, [key]: value });
  };
  const isNarrowed = Object.keys(filters).some((key) => key !== 'sort');
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label className="field">
        <span>Status</span>
        <select
          className="select"
          value={filters.status ?? ''}
          onChange={({ target }) => set('status', target.value)}
        >
          <option value="">All</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {words(status)}
            </option>
          ))}
        </select>
      </label>
      <Typed
        label="Symbol"
        value={filters.symbol ?? ''}
        onChange={(value) => set('symbol', value.toUpperCase())}
      />
      <Typed
        label="Strategy"
        value={filters.strategy ?? ''}
        onChange={(value) => set('strategy', value)}
      />
      <label className="field">
        <span>Side</span>
        <select
          className="select"
          value={filters.side ?? ''}
          onChange={({ target }) => set('side', target.value)}
        >
          <option value="">Both</option>
          <option value="BUY">Buy</option>
          <option value="SELL">Sell</option>
        </select>
      </label>
      {(['from', 'until'] as const).map((key) => (
        <label key={key} className="field">
          <span>{key === 'from' ? 'From day' : 'Until day'}</span>
          <input
            type="date"
            className="input"
            value={filters[key] ?? ''}
            onChange={({ target }) => set(key, target.value)}
          />
        </label>
      ))}
      <button
        type="button"
        className="button button-quiet"
        disabled={!isNarrowed}
        onClick={() => onChange(filters.sort ? { sort: filters.sort } : {})}
      >
        Clear
      </button>
    </form>
  );
}

interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field that tells what was typed once the typing pauses. */
function Typed({ label, value, onChange }: TypedProps) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="input"
        size={12}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => onChange(target.value.trim()), TYPED_MS);
        }}
      />
    </label>
  );
}
