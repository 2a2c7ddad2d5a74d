/** All trades: narrowed by the address, sorted by its columns, exported as they are shown. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useApp } from '../../app-state.js';
import { total } from '../../format/numbers.js';
import { count } from '../../format/words.js';
import { Result } from '../../parts/figures.js';
import { Trouble } from '../../parts/panel.js';
import { FilterBar } from './filter-bar.js';
import { queryOf, searchOf, type Filters, type SortKey } from './filters.js';
import { sorted, turned } from './sorting.js';
import { useTradeList, type ListState } from './trade-list.js';
import { TradeTable } from './trade-table.js';

export function Trades() {
  const filters = useSearch({ from: '/trades' });
  const navigate = useNavigate({ from: '/trades' });
  const { account } = useApp();
  const query = queryOf(filters, account);
  const list = useTradeList(query);
  const rows = useMemo(() => sorted(list.rows, filters.sort), [list.rows, filters.sort]);
  const change = (next: Filters) => void navigate({ search: next, replace: true });
  const sortBy = (key: SortKey) => {
    const { sort, ...rest } = filters;
    const next = turned(sort, key);
    change(next === undefined ? rest : { ...rest, sort: next });
  };
  return (
    <div className="screen screen-tall">
      <div className="screen-head">
        <h1>Trades</h1>
        <Summary list={list} />
        <a className="button" href={`/api/v1/trades.csv${searchOf(query)}`} download="trades.csv">
          Export CSV
        </a>
      </div>
      <FilterBar filters={filters} onChange={change} />
      {list.error !== null && <Trouble error={list.error} doing="The list can't be read now" />}
      <TradeTable rows={rows} isLoading={list.isLoading} sort={filters.sort} onSort={sortBy} />
    </div>
  );
}

function Summary({ list: { rows, isLoading, isCut } }: { readonly list: ListState }) {
  const results = useMemo(
    () => total(rows.flatMap(({ realized_pnl: pnl }) => (pnl === null ? [] : [pnl]))),
    [rows],
  );
  return (
    <p className="muted small" role="status" data-count={rows.length} data-whole={!isLoading}>
      {count(rows.length, 'trade')}
      {isLoading && ', reading on …'}
      {isCut && ', and older ones: narrow the filters, or export'}
      {results !== null && (
        <>
          {' · realized '}
          <Result value={results} />
        </>
      )}
    </p>
  );
}
