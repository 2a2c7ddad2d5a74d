/** Cases about trades on their way in: a patient limit, a command that comes early, a refused re-anchoring. */
import { setTimeout as sleep } from 'node:timers/promises';
import { tradeWorkflowId } from '../../contract/workflows.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';
import { failedTasks } from '../harness/history.js';
import { found, isAtRest, unless } from './findings.js';
import { holds, Scene, waitFor } from './scene.js';

/** Farther from the market than a market order's plan may be from its quote. */
const PATIENT = 0.98;
const RESTS_LIMIT_MS = 12_000;

const patientLimit: Case = {
  name: 'T3-patient-limit',
  story: 'A limit two percent below the market is to rest at the broker.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T3', 'KO');
    const entryPrice = await scene.priceAt(PATIENT);
    const id = await scene.submit({ order_type: 'LMT', entry_price: entryPrice });
    const rests = async () => (await scene.ledger()).orders.some(({ role }) => role === 'entry');
    const isResting = await waitFor(RESTS_LIMIT_MS, rests);
    const row = await scene.until(id, () => true, 0);
    if (isResting) await stack.frontDoor.command(id, 'cancel_entry');
    return isResting ? [] : unless(() => false, scene, row, 'unfilled', 'an entry that rests');
  },
};

const STALL_S = 3;
/** The trade asks for its market by then, and gets no answer yet. */
const ASKING_MS = 800;
const ANSWERED_LIMIT_MS = 15_000;

const earlyCommand: Case = {
  name: 'T6-early-command',
  story: 'A close comes while the trade still waits for the market of its symbol.',
  // The instant it needs is a matter of luck on a quiet machine: asked for by its name alone.
  onlyByName: true,
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T6', 'PEP');
    await stack.gateway.arm({ name: 'stall', seconds: STALL_S });
    const id = await scene.submit();
    await sleep(ASKING_MS);
    // Whether it is answered shows in what becomes of the trade.
    void stack.frontDoor.command(id, 'close').catch(() => undefined);
    const row = await scene.until(id, isAtRest, ANSWERED_LIMIT_MS);
    const failed = await tasksFailed(stack, id);
    return [
      ...unless(isAtRest, scene, row, 'lost', 'a trade that goes on or is over'),
      ...failed.map((task) => found(scene, 'lost', task)),
    ];
  },
};

/** Why tasks of its workflow failed. */
async function tasksFailed(stack: ChaosStack, tradeId: string): Promise<string[]> {
  const { workflow } = stack.frontDoor.temporalClient;
  const { events } = await workflow.getHandle(tradeWorkflowId(tradeId)).fetchHistory();
  return failedTasks(events ?? []);
}

/** The entry fills at two prices, so that its exits must move. */
const FIRST = { price: '100', size: 4 };
const SECOND = { price: '100.40', size: 1_000 };
const MOVES = { count: 2 };
const SHOWN_LIMIT_MS = 12_000;

const refusedMove: Case = {
  name: 'T16-refused-move',
  story: 'The broker refuses to move the exits to the fill: they live on at their old prices.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T16', 'MCD');
    const before = await scene.hits('modify-110');
    await stack.gateway.market({ paused: true });
    try {
      await scene.setPrice(FIRST);
      await scene.arm('modify-110', MOVES);
      const id = await scene.submit();
      await scene.until(id, holds, SHOWN_LIMIT_MS);
      await scene.setPrice(SECOND);
      const isRefused = async () => (await scene.hits('modify-110')) > before;
      if (!(await waitFor(SHOWN_LIMIT_MS, isRefused))) throw new Error('no exit was moved');
      const row = await scene.until(id, isAtRest, SHOWN_LIMIT_MS);
      const { orders } = await scene.ledger();
      const isArmed = orders.some(({ orderType, armed }) => orderType === 'STP' && armed);
      if (!isArmed || !row || row.isProtected) return [];
      return [found(scene, 'books', 'shown unprotected, though its stop works at the broker')];
    } finally {
      await stack.gateway.market({ paused: false });
    }
  },
};

export const ENTERING: readonly Case[] = [patientLimit, earlyCommand, refusedMove];
