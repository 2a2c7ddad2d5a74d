/** What stands now, in one look, for whoever shows all of it at once. */
import type { NowView } from '../contract/views.js';
import { accountsNow, exposures, type OwnSettings } from './account-now.js';
import type { App } from './app.js';
import { approvals } from './approvals.js';
import { accountDays } from './cash.js';
import { listAttention, listConnections, listOpen, listPositions } from './reads.js';
import { modes, pauses } from './switches.js';

/**
 * Reads it. The parts are read side by side, not in one snapshot: each is right by itself, some milliseconds apart.
 * @param haltedBy what the halt files say
 */
export async function readNow(
  app: App,
  own: OwnSettings,
  haltedBy: readonly string[],
): Promise<NowView> {
  const at = new Date().toISOString();
  const [accounts, days, connections, positions, open, taken, found, held, wanted, asked] =
    await Promise.all([
      accountsNow(app, own),
      accountDays(app),
      listConnections(app),
      listPositions(app),
      listOpen(app),
      exposures(app, own),
      modes(app),
      pauses(app),
      listAttention(app),
      approvals(app),
    ]);
  return {
    ...{ at, accounts, days, connections, positions, open, exposures: taken },
    ...{ halted_by: haltedBy, modes: found, pauses: held, attention: wanted },
    approvals: asked.length,
  };
}
