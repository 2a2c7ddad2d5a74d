/** The limits in force, as they are set. */
import { useQuery } from '@tanstack/react-query';
import { limitsQuery } from '../../api/queries.js';
import { NONE } from '../../format/numbers.js';
import { Panel, Read } from '../../parts/panel.js';

export function LimitsTable() {
  const query = useQuery(limitsQuery);
  return (
    <Panel title="Limits in force" aside="of the installation; they are settings" isFlush>
      <Read query={query} what="Limits">
        {({ items }) => (
          <div className="table-wrap table-low" tabIndex={0} role="group" aria-label="Settings">
            <table className="table table-cards">
              <thead>
                <tr>
                  <th>Setting</th>
                  <th className="num">Value</th>
                  <th>Meaning</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ name, value, unit, description }) => (
                  <tr key={name}>
                    <td className="card-head mono">{name}</td>
                    <td className="card-head num wrap">
                      {value ?? NONE} <span className="small muted">{unit}</span>
                    </td>
                    <td className="card-head wrap small">{description}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Read>
    </Panel>
  );
}
