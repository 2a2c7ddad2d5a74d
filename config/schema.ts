/** The whole configuration: every setting, by group, and the rules between them. */
import { z } from 'zod';
import { decimal } from '../domain/money.js';
import { isJobName, JOBS } from '../domain/schedules/jobs.js';
import { apiContradictions, apiSettings } from './api.js';
import {
  brokerSettings,
  databaseSettings,
  processSettings,
  temporalSettings,
} from './connections.js';
import {
  isLoopbackUrl,
  notificationContradictions,
  notificationSettings,
} from './notifications.js';
import { observeSettings } from './observe.js';
import { snapTradeContradictions, snapTradeSettings } from './snaptrade.js';
import { statementContradictions, statementSettings } from './statements.js';
import {
  limitSettings,
  permissionSettings,
  protectionSettings,
  reconcileSettings,
  sizingSettings,
  timeSettings,
} from './trading.js';

/** In the order of the reference page. */
export const settingGroups = [
  { title: 'Database', settings: databaseSettings },
  { title: 'Temporal', settings: temporalSettings },
  { title: 'Broker', settings: brokerSettings },
  { title: 'SnapTrade', settings: snapTradeSettings },
  { title: 'Permission to trade', settings: permissionSettings },
  { title: 'Sizing', settings: sizingSettings },
  { title: 'Limits', settings: limitSettings },
  { title: 'Protections', settings: protectionSettings },
  { title: 'Reconciliation', settings: reconcileSettings },
  { title: 'Statements', settings: statementSettings },
  { title: 'Times', settings: timeSettings },
  { title: 'Notifications', settings: notificationSettings },
  { title: 'HTTP API', settings: apiSettings },
  { title: 'Metrics and traces', settings: observeSettings },
  { title: 'Processes', settings: processSettings },
] as const;

export const settings = {
  ...databaseSettings,
  ...temporalSettings,
  ...brokerSettings,
  ...snapTradeSettings,
  ...permissionSettings,
  ...sizingSettings,
  ...limitSettings,
  ...protectionSettings,
  ...reconcileSettings,
  ...statementSettings,
  ...timeSettings,
  ...notificationSettings,
  ...apiSettings,
  ...observeSettings,
  ...processSettings,
};

/** What it takes to reach the database, and what the trades' workflows are called. */
export const reachSettings = Object.keys({
  ...databaseSettings,
  ...temporalSettings,
}) as readonly SettingName[];

export const schema = z.object(settings);

export type SettingName = keyof typeof settings;
export type Settings = z.output<typeof schema>;

/** Two settings that contradict each other: `name` is the one to change. */
export interface Contradiction {
  name: SettingName;
  message: string;
}

/** @returns what does not fit together among values that are each valid */
export function contradictions(values: Settings): Contradiction[] {
  const found: Contradiction[] = [];
  const expect = (holds: boolean, name: SettingName, message: string) => {
    if (!holds) found.push({ name, message });
  };
  expect(
    values.LEASE_RENEW_MS * 2 <= values.LEASE_TTL_MS,
    'LEASE_RENEW_MS',
    `must be at most half of LEASE_TTL_MS (${values.LEASE_TTL_MS})`,
  );
  expect(
    values.CLOCK_SKEW_WARN_MS <= values.CLOCK_SKEW_BLOCK_MS,
    'CLOCK_SKEW_WARN_MS',
    `must not be above CLOCK_SKEW_BLOCK_MS (${values.CLOCK_SKEW_BLOCK_MS})`,
  );
  expect(
    decimal(values.RISK_SMALL).lte(decimal(values.RISK_NORMAL)),
    'RISK_SMALL',
    `must not be above RISK_NORMAL (${values.RISK_NORMAL})`,
  );
  expect(
    decimal(values.RISK_NORMAL).lte(decimal(values.RISK_LARGE)),
    'RISK_NORMAL',
    `must not be above RISK_LARGE (${values.RISK_LARGE})`,
  );
  expect(
    values.MAX_QUANTITY === undefined ||
      decimal(values.MIN_QUANTITY).lte(decimal(values.MAX_QUANTITY)),
    'MIN_QUANTITY',
    `must not be above MAX_QUANTITY (${values.MAX_QUANTITY})`,
  );
  expect(
    values.BALLAST_FAILPOINTS === undefined || !values.ALLOW_LIVE,
    'BALLAST_FAILPOINTS',
    'must not be set with ALLOW_LIVE=true: failpoints break a process on purpose',
  );
  const noJobs = values.SCHEDULES_OFF.filter((name) => !isJobName(name));
  expect(
    noJobs.length === 0,
    'SCHEDULES_OFF',
    `names no job: ${noJobs.join(', ')}; jobs are ${Object.keys(JOBS).join(', ')}`,
  );
  expect(
    (values.TEMPORAL_TLS_CLIENT_CERT_PATH === undefined) ===
      (values.TEMPORAL_TLS_CLIENT_KEY_PATH === undefined),
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
    'and TEMPORAL_TLS_CLIENT_KEY_PATH must be set together',
  );
  const keyNames = (values.TEMPORAL_PAYLOAD_KEYS ?? '')
    .split(',')
    .map((key) => key.split('=')[0]!.trim());
  expect(
    new Set(keyNames).size === keyNames.length,
    'TEMPORAL_PAYLOAD_KEYS',
    'must not name two keys alike: by its name it is known which one opens a payload',
  );
  return [
    ...found,
    ...snapTradeContradictions(values),
    ...statementContradictions(values),
    ...notificationContradictions(values),
    ...apiContradictions(values, isLoopbackUrl),
  ];
}
