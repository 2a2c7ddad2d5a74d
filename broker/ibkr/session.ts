/** One stretch of one connection in which orders may be written. */
import type { WriteSession } from '../slots.js';
import type { Library } from './library.js';

export interface Session extends WriteSession {
  readonly library: Library;
}
