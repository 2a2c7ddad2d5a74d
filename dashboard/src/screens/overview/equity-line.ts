/** The points of an equity curve, and what may be said of them: what was between two of them nobody kept. */
import { money, place } from '../../format/numbers.js';

export interface Point {
  readonly at: string;
  readonly value: string;
}

/** The oldest first, each instant once: what was told last of it stands. */
export function lineOf(told: readonly Point[]): Point[] {
  const byInstant = new Map(told.map((point) => [Date.parse(point.at), point]));
  return [...byInstant].sort(([a], [b]) => a - b).map(([, point]) => point);
}

/** `24 values are kept; the lowest is 99,971.22, the highest 100,012.40; what was between them is not known`. */
export function curveTold(points: readonly Point[]): string {
  const [lowest, highest] = [extreme(points, -1), extreme(points, 1)].map(money);
  return `${points.length} values are kept; the lowest is ${lowest}, the highest ${highest}; what was between them is not known`;
}

function extreme(points: readonly Point[], sign: 1 | -1): string | undefined {
  const [first] = [...points].sort((a, b) => (place(b.value) - place(a.value)) * sign);
  return first?.value;
}
