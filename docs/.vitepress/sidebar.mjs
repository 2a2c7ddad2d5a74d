/** The order of the documentation: every page stands here once, by its subject. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '..');

/** Paths below docs/, without `.md`. */
export const SUBJECTS = [
  { text: 'Start', pages: ['index', 'start', 'one-fill', 'glossary'] },
  {
    text: 'Trading',
    pages: [
      ...['TRADING', 'signals', 'risk-rules', 'limits', 'protections', 'preview'],
      ...['webhooks', 'sdk', 'mcp', 'api'],
    ],
  },
  {
    text: 'Operations',
    pages: [
      ...[
        'operations',
        'dashboard',
        'troubleshooting',
        'reconciliation',
        'schedules',
        'notifications',
        'flex',
      ],
      ...['temporal-ui', 'metrics', 'traces', 'encryption', 'recordings'],
    ],
  },
  {
    text: 'Deployment',
    pages: ['deployment', 'ib-gateway', 'temporal', 'postgresql', 'snaptrade'],
  },
  {
    text: 'Reference',
    pages: [
      ...['reference/configuration', 'reference/reason-codes', 'reference/ibkr-error-codes'],
      ...['reference/notifications', 'gateway', 'gateway-protocol'],
    ],
  },
  { text: 'Proof', pages: ['chaos', 'conformance', 'failpoints'] },
  { text: 'Decisions', pages: ['decisions/README', 'roadmap', ...decisions()] },
];

/** Subjects that are long, and folded until somebody reads in them. */
const FOLDED = new Set(['Decisions', 'Proof']);

function decisions() {
  return readdirSync(join(docs, 'decisions'))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort()
    .map((name) => `decisions/${name.replace(/\.md$/, '')}`);
}

/** @param {string} page @returns {string} its first heading, up to a colon */
function titleOf(page) {
  const text = readFileSync(join(docs, `${page}.md`), 'utf8');
  return (/^# (.+)$/m.exec(text)?.[1] ?? page).replace(/`|:.*$/g, '');
}

/** @returns {import('vitepress').DefaultTheme.SidebarItem[]} */
export function sidebar() {
  const subjects = SUBJECTS.map(({ text, pages }) => ({
    text,
    ...(FOLDED.has(text) ? { collapsed: true } : {}),
    items: pages.map((page) => ({
      text: titleOf(page),
      link: `/${page.replace(/(^|\/)(README|index)$/, '$1')}`,
    })),
  }));
  const about = [
    { text: 'Changelog', link: '/changelog' },
    { text: 'Contributing', link: '/contributing' },
    { text: 'Security', link: '/security' },
  ];
  return [...subjects, { text: 'About', collapsed: true, items: about }];
}
