/** Which of the broker's data farms are down, from the terminal's notices. */

const BROKEN = new Map([
  [2103, 'market data'],
  [2105, 'historical data'],
  [2157, 'security definitions'],
]);
const FINE = new Map([
  [2104, 'market data'],
  [2106, 'historical data'],
  [2158, 'security definitions'],
]);

/** A terminal knows a few dozen farms; more names than this are garbage. */
const MAX_FARMS = 100;

export class DataFarms {
  private readonly down = new Set<string>();

  /** Takes any notice; others than those of farms are ignored. The farm's name follows a colon. */
  note(code: number, message: string): void {
    const name = message.slice(message.lastIndexOf(':') + 1).trim();
    const broken = BROKEN.get(code);
    if (broken && this.down.size < MAX_FARMS) this.down.add(`${broken} ${name}`);
    const fine = FINE.get(code);
    if (fine) this.down.delete(`${fine} ${name}`);
  }

  reset(): void {
    this.down.clear();
  }

  get allUp(): boolean {
    return this.down.size === 0;
  }

  get names(): readonly string[] {
    return [...this.down];
  }
}
