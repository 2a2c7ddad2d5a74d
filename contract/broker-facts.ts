/** What a broker tells of orders and money, under its former place. */
export type {
  CommissionReport,
  ErrorClass,
  ExecutionReport,
  OrderError,
  OrderReport,
} from '../domain/broker/fact.js';
