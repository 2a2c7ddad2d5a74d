/**
 * The time in which IBKR's servers are out of the gateway's reach (between 1100 and 1101 or 1102). What
 * only they know can't be answered: such requests wait for the return.
 */
export class Outage {
  private losses = 0;
  private isDataKept = true;

  /** Whether the servers are out of reach now. */
  get lasts(): boolean {
    return this.losses > 0;
  }

  /** A loss begins. `kept`: data subscriptions outlive it. */
  begin(kept: boolean): void {
    this.isDataKept = kept && (this.isDataKept || !this.lasts);
    this.losses += 1;
  }

  /** A loss ends; undefined while another one lasts. */
  end(): 'kept' | 'lost' | undefined {
    this.losses -= 1;
    if (this.lasts) return undefined;
    return this.isDataKept ? 'kept' : 'lost';
  }
}
