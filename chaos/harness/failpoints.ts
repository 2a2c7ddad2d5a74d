/** Failpoints as cases use them: armed by name, told how often they were taken, taken back. */
import { arm, disarm, taken, type Order } from '../../failpoints/arm.js';
import { isFailpointName } from '../../failpoints/table.js';

export interface Armed {
  /** How often it was taken since it was armed. */
  hits(): number;
  disarm(): void;
}

/** Arms the point of this name; one that the engine doesn't have (any more) is never taken. */
export function armIfKnown(folder: string, name: string, order: Order): Armed {
  if (!isFailpointName(name)) return { hits: () => 0, disarm: () => undefined };
  const before = taken(folder, name).length;
  arm(folder, name, order);
  return {
    hits: () => taken(folder, name).length - before,
    disarm: () => void disarm(folder, name),
  };
}
