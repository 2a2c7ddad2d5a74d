/** Every workflow that a trade worker runs. */
export { trade } from './trade/trade.workflow.js';
