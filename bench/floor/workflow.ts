/** The floor: a bare workflow of one activity, as little as a durable send can be. */
import { proxyActivities } from '@temporalio/workflow';
import { FLOOR_BROKER_QUEUE, type FloorActivities } from './contract.js';

const broker = proxyActivities<FloorActivities>({
  taskQueue: FLOOR_BROKER_QUEUE,
  startToCloseTimeout: '30 s',
});

/** Sends three messages and ends. */
export async function floor(reference: string): Promise<void> {
  await broker.sendThree(reference);
}
