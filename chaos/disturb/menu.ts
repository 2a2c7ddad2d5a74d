/** Everything that can be done to the stack. */
import type { Disturbance } from './disturbance.js';
import { FAULT_DISTURBANCES } from './faults.js';
import { PROCESS_DISTURBANCES } from './processes.js';

export const MENU: readonly Disturbance[] = [...PROCESS_DISTURBANCES, ...FAULT_DISTURBANCES];
