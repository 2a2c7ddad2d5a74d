/** What is handed to a broker to send, under its former place. */
export type { BracketToSend, OrderToSend } from '../domain/broker/group.js';
