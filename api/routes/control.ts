/** What holds entries back: modes, pauses, the halt; strategies and limits. Exits and repairs go on under each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { limitsNow } from '../../app/account-now.js';
import { setApproval } from '../../app/approvals.js';
import { bookHalts, haltNotes } from '../../app/halt-record.js';
import { listAttention, listStrategies } from '../../app/reads.js';
import {
  auditSwitch,
  changeMode,
  halt,
  haltedBy,
  liftPauses,
  modes,
  pauses,
  resume,
  resumeStrategy,
} from '../../app/switches.js';
import { haltFilesOf, limitsFrom, limitsOf } from '../../config/index.js';
import { name, reason } from '../fields.js';
import { listAnswer } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint, type Asked } from '../route.js';
import type { RouteDeps } from '../routes.js';
import { attention, limit, modeView, strategy } from '../schemas/control.js';
import { mode, text } from '../schemas/view.js';

const reads = { method: 'GET', tag: 'control', scope: 'read' } as const;
const turns = { method: 'POST', tag: 'control', scope: 'admin', isRepeatable: true } as const;

/** Adds them. */
export function addControl(server: FastifyInstance, deps: RouteDeps): void {
  addModes(server, deps);
  addHalt(server, deps);
  addStrategies(server);
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/limits', id: 'listLimits' },
    summary: 'The limits in force, as they are set, and what is taken of them',
    answers: listAnswer(limit, 'All of them.'),
    handle: async ({ app }) => ({
      items: await limitsNow(app, { limits: limitsFrom(app.config) }, limitsOf(app.config)),
    }),
  });
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/attention', id: 'listAttention' },
    summary: 'What waits for a person, and the pauses in force, each with its next step',
    answers: listAnswer(attention, 'All of it.'),
    handle: async ({ app }) => ({ items: await listAttention(app) }),
  });
}

const modesFound = z.object({
  halted_by: z.array(text).meta({ description: 'What each halt file says; none: no file halts.' }),
  modes: z.array(modeView),
  pauses: z.array(attention),
});

const modeBody = z
  .strictObject({
    kind: z.enum(['installation', 'account', 'strategy']),
    name: name.optional(),
    mode,
  })
  .refine(({ kind, name: of }) => (kind === 'installation') === (of === undefined), {
    error: 'an account or a strategy is named, the installation is not',
  });

function addModes(server: FastifyInstance, { env }: RouteDeps): void {
  const found = async ({ app }: Pick<Asked<unknown, unknown, unknown>, 'app'>) => ({
    halted_by: haltFilesOf(env).files.flatMap((file) => haltedBy(file) ?? []),
    modes: await modes(app),
    pauses: await pauses(app),
  });
  const answers = { 200: { description: 'What holds entries back.', schema: modesFound } };
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/modes', id: 'getModes', answers },
    summary: 'What holds entries back: halt files, modes, pauses',
    handle: found,
  });
  addEndpoint(server, {
    ...{ ...turns, url: '/api/v1/modes', id: 'setMode', answers, hasOwnLimit: true },
    summary: 'Set the mode of the installation, an account or a strategy',
    description:
      'Answered once no entry can be written any more by what was read before. That of the installation is its owner’s.',
    body: modeBody,
    problems: ['NOT_FOUND', 'OWNER_ONLY'],
    handle: async (asked) => {
      const { kind, name: of, mode: wanted } = asked.body;
      if (kind === 'installation') checkOwner(asked);
      const target = kind === 'installation' ? { kind, name: null } : { kind, name: of! };
      if (await changeMode(asked.app, target, wanted)) return found(asked);
      throw new Problem('NOT_FOUND', `there is no ${kind} ${of}`);
    },
  });
}

function checkOwner({ request }: Pick<Asked<unknown, unknown, unknown>, 'request'>): void {
  if (request.caller?.isOwner) return;
  throw new Problem('OWNER_ONLY', 'the mode of the installation concerns all its users');
}

/** The file is there, and is booked by others too, should the database take longer. */
const BOOKING_WAIT_MS = 2_000;

const haltBody = z.strictObject({ reason: reason.optional() }).optional();
const haltAnswer = z.object({
  by: z.enum(['file', 'mode']).meta({
    description:
      '`mode`: no engine is known to look at a halt file from here; the mode holds instead.',
  }),
});

const resumed = z.object({
  was_halted: z.boolean().meta({ description: 'A halt file was there; it is gone.' }),
  lifted_pauses: z.int(),
  mode: mode.meta({ description: 'Of the installation: it stays as it is.' }),
});

function addHalt(server: FastifyInstance, { env }: RouteDeps): void {
  addEndpoint(server, {
    ...{ ...turns, scope: 'trade', url: '/api/v1/halt', id: 'halt' },
    ...{
      isOwnerOnly: true,
      isUnlimited: true,
      isUrgent: true,
      summary: 'Stop all entries, as "ballast halt" does',
    },
    description: 'Exits and repairs go on. It is never refused for how many requests were made.',
    body: haltBody,
    answers: { 200: { description: 'Nothing is opened any more.', schema: haltAnswer } },
    handle: async ({ app, body, request }) => {
      const { files, running } = haltFilesOf(env);
      const { done } = halt(files, { actor: app.actor, reason: body?.reason ?? 'by hand' });
      const booking = bookHalts(app, haltNotes(done)).catch((error: unknown) => {
        request.log.warn({ err: error }, 'the halt is not in the audit log yet');
      });
      if (running !== null && done.includes(running)) {
        await Promise.race([booking, sleep(BOOKING_WAIT_MS)]);
        return { by: 'file' };
      }
      await changeMode(app, { kind: 'installation', name: null }, 'HALTED');
      return { by: 'mode' };
    },
  });
  addEndpoint(server, {
    ...{ ...turns, url: '/api/v1/resume', id: 'resume', isOwnerOnly: true },
    summary: 'Take the halt file away, and lift what a mass breach or recovery mode has paused',
    body: z.strictObject({}).optional(),
    answers: { 200: { description: 'What was lifted.', schema: resumed } },
    problems: ['REFUSED'],
    handle: async ({ app }) => {
      const { files } = haltFilesOf(env);
      const notes = haltNotes(files);
      const { done, failed } = resume(files);
      if (failed.length > 0) throw new Problem('REFUSED', 'a halt file can not be taken away');
      if (done.length > 0) {
        await bookHalts(app, notes);
        await auditSwitch(app, 'resume', {});
      }
      const lifted = await liftPauses(app);
      const installation = (await modes(app)).find(({ kind }) => kind === 'installation');
      const stays = installation?.mode ?? 'ACTIVE';
      return { was_halted: done.length > 0, lifted_pauses: lifted, mode: stays };
    },
  });
}

const strategyParams = z.object({ id: name });
const noBody = z.strictObject({}).optional();

function addStrategies(server: FastifyInstance): void {
  const one = { 200: { description: 'The strategy now.', schema: strategy } };
  const named = { params: strategyParams, answers: one, problems: ['NOT_FOUND'] } as const;
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/strategies', id: 'listStrategies' },
    summary: 'Strategies: each is made by its first signal',
    answers: listAnswer(strategy, 'All of them.'),
    handle: async ({ app }) => ({ items: await listStrategies(app) }),
  });
  addEndpoint(server, {
    ...{ ...turns, ...named, url: '/api/v1/strategies/:id/pause', id: 'pauseStrategy' },
    ...{ summary: 'Hold back the entries of a strategy (mode HALTED)', body: noBody },
    hasOwnLimit: true,
    handle: async (asked) => {
      const { app, params } = asked;
      const done = await changeMode(app, { kind: 'strategy', name: params.id }, 'HALTED');
      if (!done) throw noStrategy(params.id);
      return strategyNamed(asked);
    },
  });
  addEndpoint(server, {
    ...{ ...turns, ...named, url: '/api/v1/strategies/:id/resume', id: 'resumeStrategy' },
    ...{
      summary: 'Let a strategy enter again: its mode is ACTIVE, its pauses end now',
      body: noBody,
    },
    handle: async (asked) => {
      const { app, params } = asked;
      if ((await resumeStrategy(app, params.id)) === null) throw noStrategy(params.id);
      return strategyNamed(asked);
    },
  });
  addEndpoint(server, {
    ...{ ...turns, ...named, method: 'PUT', url: '/api/v1/strategies/:id/approval' },
    ...{ id: 'setApproval', summary: 'Whether signals of a strategy wait for a person' },
    body: z.strictObject({ approval: z.enum(['none', 'required']) }),
    handle: async (asked) => {
      const { id } = asked.params;
      if (await setApproval(asked.app, id, asked.body.approval)) return strategyNamed(asked);
      throw noStrategy(id);
    },
  });
}

type OfStrategy = Pick<Asked<z.output<typeof strategyParams>, unknown, unknown>, 'app' | 'params'>;

async function strategyNamed({ app, params: { id } }: OfStrategy) {
  const found = (await listStrategies(app)).find(({ strategy_id: of }) => of === id);
  if (found) return found;
  throw noStrategy(id);
}

function noStrategy(id: string): Problem {
  return new Problem('NOT_FOUND', `there is no strategy ${id}: it is made by its first signal`);
}
