/** From the configuration to what the parts of the workers take. */
import { limitsFrom, switchesFrom, type Config } from '../config/index.js';
import type { PreviewLimits } from '../domain/preview/rule.js';
import type { PlanSettings } from '../store/planning/context.js';

export { limitsFrom, switchesFrom };
export { temporalSettings } from '../client/temporal.js';

/** What plans take from the settings, in whichever process they are made. */
export function planSettingsFrom(config: Config): PlanSettings {
  return {
    limits: limitsFrom(config),
    defaultOrderType: config.orderType,
    outageWaitMs: config.outageWaitMs,
    switches: switchesFrom(config),
  };
}

/** How long previews count, and how far two may be apart. */
export function previewLimitsFrom(config: Config): PreviewLimits {
  return {
    asShownMs: config.previewAsShownMs,
    expiresMs: config.previewExpiresMs,
    priceTolerance: config.previewPriceTolerance,
    sizeTolerance: config.previewSizeTolerance,
  };
}
