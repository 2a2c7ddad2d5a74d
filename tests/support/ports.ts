/** Free ports for what a test starts itself. */
export { freePort, isPortFree } from '../../scripts/infra/ports.js';
