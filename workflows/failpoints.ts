/**
 * Failpoints that a trade passes itself. A workflow may have no effects, so it tells its worker by a sink:
 * that runs when a task's code has run and before its result goes to Temporal, and never on a replay.
 */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { RunFailpoint } from '../failpoints/table.js';

export interface FailpointSinks extends Sinks {
  failpoints: {
    pass(point: RunFailpoint, tradeId: string): void;
  };
}

export const { failpoints } = proxySinks<FailpointSinks>();
