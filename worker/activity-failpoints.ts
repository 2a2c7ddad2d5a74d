/** The failpoints around every activity, local or not, and the sink of those that workflows pass. */
import type { Context as ActivityContext } from '@temporalio/activity';
import type {
  ActivityInterceptors,
  InjectedSinks,
  Worker,
  WorkerInterceptors,
} from '@temporalio/worker';
import { failpoint, failpointsEnabled } from '../failpoints/failpoint.js';
import type { Context } from '../failpoints/order.js';
import { isActivityName, type ActivityName } from '../failpoints/table.js';
import type { FailpointSinks } from '../workflows/failpoints.js';

/** What was done and is not told yet, by task token. */
type Untold = Map<string, { readonly activity: ActivityName; readonly context: Context }>;

export interface ActivityFailpoints {
  readonly interceptors: WorkerInterceptors;
  /** Watches what the worker tells Temporal. Call it once, before the worker runs. */
  watch(worker: Worker): void;
}

/** For one worker; without any effect while failpoints are dead. */
export function activityFailpoints(): ActivityFailpoints {
  if (!failpointsEnabled()) return { interceptors: {}, watch: () => undefined };
  const untold: Untold = new Map();
  return {
    interceptors: { activity: [(context) => interceptor(context, untold)] },
    watch: (worker) => watchCompletions(worker, untold),
  };
}

/** The workflow's side of `workflows/failpoints.ts`. */
export const FAILPOINT_SINKS: InjectedSinks<FailpointSinks> = {
  failpoints: {
    pass: {
      fn: async (_info, point, tradeId) => {
        await failpoint(point, { tradeId });
      },
      callDuringReplay: false,
    },
  },
};

function interceptor({ info }: ActivityContext, untold: Untold): ActivityInterceptors {
  const activity = info.activityType;
  if (!isActivityName(activity)) return {};
  return {
    inbound: {
      execute: async (input, next) => {
        const ref = input.args[0] as { tradeId?: string } | undefined;
        const context = { activity, tradeId: ref?.tradeId };
        await failpoint(`activity.${activity}.started`, context);
        let result = await next(input);
        const happened = await failpoint(`activity.${activity}.done`, context);
        if (happened === 'repeat') result = await next(input);
        untold.set(info.base64TaskToken, { activity, context });
        return result;
      },
    },
  };
}

/** What the SDK's worker tells Temporal by; it has no hook for that. */
interface Insides {
  completeActivityTask(completion: Buffer): Promise<void>;
}

/**
 * Passes `activity.<name>.reported` once a completion is told: Temporal has answered for an activity of
 * a queue, the worker's own core has taken it for a local one (Temporal learns it with the task).
 */
function watchCompletions(worker: Worker, untold: Untold): void {
  const { nativeWorker } = worker as unknown as { nativeWorker?: Partial<Insides> };
  const complete = nativeWorker?.completeActivityTask;
  if (!nativeWorker || typeof complete !== 'function') {
    throw new Error('@temporalio/worker is not the version that failpoints know: install 1.24.0');
  }
  nativeWorker.completeActivityTask = async (completion) => {
    await complete.call(nativeWorker, completion);
    const token = [...untold.keys()].find((key) => completion.includes(Buffer.from(key, 'base64')));
    const told = token === undefined ? undefined : untold.get(token);
    if (token === undefined || !told) return;
    untold.delete(token);
    await failpoint(`activity.${told.activity}.reported`, told.context);
  };
}
