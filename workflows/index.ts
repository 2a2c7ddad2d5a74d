/** Every workflow that a trade worker runs. */
export { trade } from './trade/trade.workflow.js';
export { dailyReset } from './schedules/daily-reset.workflow.js';
export { endOfDay } from './schedules/end-of-day.workflow.js';
export { midnightSweep } from './schedules/midnight-sweep.workflow.js';
export { verifyExits } from './schedules/verify-exits.workflow.js';
export { preview } from './preview/preview.workflow.js';
export { reconcile } from './reconcile/reconcile.workflow.js';
