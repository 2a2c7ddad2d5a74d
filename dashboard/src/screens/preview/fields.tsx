/** The fields of a signal. */
import type { ReactNode } from 'react';
import type { Form } from './form.js';

interface Props {
  readonly form: Form;
  readonly problems: Partial<Record<keyof Form, string>>;
  readonly onChange: (form: Form) => void;
}

export function Fields({ form, problems, onChange }: Props) {
  const set = (change: Partial<Form>) => onChange({ ...form, ...change });
  const text = (key: keyof Form, label: string, isNumber = false) => (
    <Field label={label} problem={form[key] === '' && key === 'symbol' ? undefined : problems[key]}>
      <input
        className="input"
        autoComplete="off"
        spellCheck={false}
        inputMode={isNumber ? 'decimal' : undefined}
        aria-invalid={problems[key] !== undefined}
        value={form[key]}
        onChange={({ target }) => set({ [key]: target.value })}
      />
    </Field>
  );
  return (
    <div className="form-grid">
      {text('symbol', 'Symbol')}
      {text('strategy', 'Strategy')}
      <Pick
        label="Side"
        value={form.side}
        options={{ BUY: 'Buy', SELL: 'Sell' }}
        onPick={(side) => set({ side })}
      />
      <Pick
        label="Entry"
        value={form.orderType}
        options={{ MKT: 'At the market', LMT: 'At a limit' }}
        onPick={(orderType) => set({ orderType })}
      />
      {form.orderType === 'LMT' && text('limitPrice', 'Limit price', true)}
      <Pick
        label="Exits given as"
        value={form.stopBy}
        options={{ percent: 'Percent', price: 'Prices' }}
        onPick={(stopBy) => set({ stopBy, stop: '', target: '' })}
      />
      {text('stop', form.stopBy === 'percent' ? 'Stop, % away' : 'Stop price', true)}
      {text('target', form.stopBy === 'percent' ? 'Target, % away' : 'Target price', true)}
      <Pick
        label="Size given as"
        value={form.sizeBy}
        options={{ risk: 'Risk', quantity: 'Shares' }}
        onPick={(sizeBy) => set({ sizeBy, size: '' })}
      />
      {text('size', form.sizeBy === 'risk' ? 'Risk, % of equity' : 'Shares', true)}
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}

function Field({ label, problem, children }: FieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      <span className="tone-warn">{problem !== undefined && `expected ${problem}`}</span>
    </label>
  );
}

interface PickProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: Readonly<Record<T, string>>;
  readonly onPick: (value: T) => void;
}

function Pick<T extends string>({ label, value, options, onPick }: PickProps<T>) {
  return (
    <Field label={label}>
      <select className="select" value={value} onChange={({ target }) => onPick(target.value as T)}>
        {(Object.keys(options) as T[]).map((key) => (
          <option key={key} value={key}>
            {options[key]}
          </option>
        ))}
      </select>
    </Field>
  );
}
