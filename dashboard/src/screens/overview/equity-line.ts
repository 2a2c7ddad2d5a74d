/** The points of an equity curve. */

export interface Point {
  readonly at: string;
  readonly value: string;
}

/** The oldest first, each instant once: what was told last of it stands. */
export function lineOf(told: readonly Point[]): Point[] {
  const byInstant = new Map(told.map((point) => [Date.parse(point.at), point]));
  return [...byInstant].sort(([a], [b]) => a - b).map(([, point]) => point);
}
