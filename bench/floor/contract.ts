/** Names that the floor's processes share. */
export const FLOOR_QUEUE = 'bench-floor';
export const FLOOR_BROKER_QUEUE = 'bench-floor-broker';
export const FLOOR_WORKFLOW = 'floor';

export interface FloorActivities {
  /** Writes an entry and its two exits under the reference, and returns at once. */
  sendThree(reference: string): Promise<void>;
}
