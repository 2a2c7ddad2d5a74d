/** One answer that is a list: its items and its end message, as far as no fault leaves them out. */
import type { ListingName } from '../fault-params.js';
import type { Hub } from './hub.js';
import type { Session } from './session.js';

export class ListingReply {
  private readonly isEndless: boolean;
  /** Nothing of the list is told, though it may hold something. */
  readonly isEmpty: boolean;

  constructor(
    private readonly hub: Hub,
    private readonly session: Session,
    of: ListingName,
  ) {
    const fault = hub.faults.take('missing-end-marker', { of, clientId: session.clientId });
    this.isEndless = fault !== undefined;
    this.isEmpty = fault?.params['empty'] === true;
  }

  /** Sends the frames of one item; `permId` names the order that they tell of. */
  item(frames: readonly string[][], permId?: number): void {
    if (this.isEmpty) return;
    for (const frame of frames) this.session.send(frame);
    if (permId !== undefined) this.hub.told(this.session, permId);
  }

  /** Ends the list. */
  end(fields: string[]): void {
    if (!this.isEndless) this.session.send(fields);
  }
}
