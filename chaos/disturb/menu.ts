/** Everything that can be done to the stack. */
import type { Disturbance } from './disturbance.js';
import { FAILPOINT_DISTURBANCES } from './failpoints.js';
import { FAULT_DISTURBANCES } from './faults.js';
import { PROCESS_DISTURBANCES } from './processes.js';

/** What is done to the stack from outside. */
export const OUTER_MENU: readonly Disturbance[] = [...PROCESS_DISTURBANCES, ...FAULT_DISTURBANCES];

/** What happens inside the engine's processes, at a named point. */
export const INNER_MENU: readonly Disturbance[] = FAILPOINT_DISTURBANCES;

export const MENU: readonly Disturbance[] = [...OUTER_MENU, ...INNER_MENU];
