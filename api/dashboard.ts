/** The dashboard's files (UI-1), from the API's own origin: a page may ask what it came from, and nothing else. */
import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { dashboardFolder } from '../config/index.js';
import { DASHBOARD_PATH } from '../contract/login.js';
import { Problem } from './problems.js';

/** Nothing inline, nothing evaluated, nothing from elsewhere, in no frame. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"],
  ...["connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'"],
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

/** Their names hold a hash of what is in them. */
const HASHED = 'assets/';
const PAGE = 'index.html';

/** Adds them: every address below that is no file is the page, which reads the address itself. */
export async function addDashboard(
  server: FastifyInstance,
  folder: string = dashboardFolder(),
): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
  });
  const hidden = { schema: { hide: true }, config: { scope: null } };
  const toPage = (reply: FastifyReply) => reply.redirect(`${DASHBOARD_PATH}/`);
  server.get('/', hidden, (_request, reply) => toPage(reply));
  server.get(DASHBOARD_PATH, hidden, (_request, reply) => toPage(reply));
  server.get<{ Params: { '*': string } }>(`${DASHBOARD_PATH}/*`, hidden, (request, reply) => {
    if (!existsSync(join(folder, PAGE))) {
      throw new Problem('UNAVAILABLE', 'the dashboard is not built: run "npm run build"');
    }
    void reply.headers(PAGE_HEADERS);
    const path = request.params['*'];
    if (path.startsWith(HASHED) || path === 'favicon.svg') {
      const isHashed = path.startsWith(HASHED);
      const forHowLong = isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600';
      return reply.header('cache-control', forHowLong).sendFile(path);
    }
    return reply.header('cache-control', 'no-cache').sendFile(PAGE);
  });
}
